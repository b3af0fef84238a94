"""How versions are: as probes found them, and as their breakers stand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from django.utils import timezone

from model_registry.guarding.breaker import State
from model_registry.guarding.upness import Change, Upness, upness_of
from model_registry.models import HealthChange, ModelDrift, ModelHealth

HealthState = Literal[
    "answering", "not_answering", "left_alone", "tried_again", "not_looked_at"
]
HEALTH_CHOICES = [(state, state) for state in get_args(HealthState)]
MOST_CHANGES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a version is: what the last probe found, and how its breaker stands.

    `is_well` is None where nobody has looked.
    """

    is_well: bool | None = None
    message: str = ""
    latency_ms: float | None = None
    checked_at: datetime | None = None
    changed_at: datetime | None = None
    breaker: State = "closed"
    breaker_until: datetime | None = None

    @property
    def state(self) -> HealthState:
        """In one word; an open breaker says more than a probe, which asks nothing."""
        if self.breaker == "open":
            return "left_alone"
        if self.is_well is False:
            return "not_answering"
        if self.breaker == "half_open":
            return "tried_again"
        return "answering" if self.is_well else "not_looked_at"


def conditions(version_ids: Iterable[UUID]) -> dict[UUID, Condition]:
    """How versions are; one that is not in it was never looked at."""
    rows = ModelHealth.objects.filter(pk__in=set(version_ids))
    return {row.pk: _condition(row) for row in rows}


def last_changes(version_ids: Iterable[UUID]) -> dict[UUID, list[HealthChange]]:
    """What changed of versions, the last one first."""
    found: defaultdict[UUID, list[HealthChange]] = defaultdict(list)
    rows = HealthChange.objects.filter(version__in=set(version_ids)).order_by("-at")
    for row in rows[:MOST_CHANGES]:
        found[row.version_id].append(row)
    return found


def upness(changes: Iterable[HealthChange]) -> Upness:
    """How the last days went, from all changes of a version."""
    known = [Change(each.at, each.source, each.is_well) for each in changes]
    return upness_of(known, timezone.now())


def open_drifts(model_ids: Iterable[UUID]) -> list[ModelDrift]:
    """The alarms of models that hold now, the oldest first."""
    rows = ModelDrift.objects.filter(
        version__model_id__in=set(model_ids), ended_at__isnull=True
    )
    return list(rows.select_related("version").order_by("since", "feature"))


def _condition(row: ModelHealth) -> Condition:
    until = row.breaker_until
    breaker: State = "closed"
    if until is not None:
        breaker = "open" if until > timezone.now() else "half_open"
    return Condition(
        is_well=row.is_well,
        message=row.message,
        latency_ms=row.latency_ms,
        checked_at=row.checked_at,
        changed_at=row.changed_at,
        breaker=breaker,
        breaker_until=until,
    )
