"""Calls that were made, and what became of versions, without making any."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from model_registry.guarding.tally import Called, Tally, flush
from model_registry.models import HealthChange, ModelDrift, ModelHealth, ModelVersion


def count_calls(
    version: ModelVersion,
    calls: int = 1,
    *,
    hours_ago: float = 0,
    tag: str = "shop",
    latency_s: float = 0.04,
    **called: Any,
) -> None:
    """Calls some hours ago; `called` is as for `Called`."""
    at = timezone.now() - timedelta(hours=hours_ago)
    tally = Tally(at.timestamp)
    for _ in range(calls):
        tally.add(Called(version.pk, tag, latency_s, **called))
    flush(tally)


def make_health(version: ModelVersion, **values: Any) -> ModelHealth:
    """What the last probe found: that all is well, unless told otherwise."""
    now = timezone.now()
    found = {"is_well": True, "message": "It answers.", "due_at": now}
    found |= {"checked_at": now, "changed_at": now, "latency_ms": 3.0, **values}
    health, _ = ModelHealth.objects.update_or_create(version=version, defaults=found)
    return health


def make_health_change(
    version: ModelVersion,
    *,
    is_well: bool,
    hours_ago: float = 0,
    source: str = "probe",
    reason: str = "",
) -> HealthChange:
    """A change some hours ago."""
    return HealthChange.objects.create(
        version=version,
        source=source,
        is_well=is_well,
        reason=reason,
        at=timezone.now() - timedelta(hours=hours_ago),
    )


def make_drift(
    version: ModelVersion, *, tag: str = "shop", since: datetime | None = None
) -> ModelDrift:
    """An alarm that holds."""
    return ModelDrift.objects.create(
        version=version,
        tag=tag,
        feature="output.intent",
        index=0.41,
        bound=0.25,
        recent_calls=300,
        reference_calls=4000,
        since=since or timezone.now(),
    )
