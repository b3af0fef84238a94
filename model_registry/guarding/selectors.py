"""Reading figures and health, for as many models as a page shows, in one query each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from model_registry.guarding.breaker import State
from model_registry.guarding.latency import percentile
from model_registry.models import ModelFigures, ModelHealth

SUMS = {
    name: Sum(name)
    for name in (
        "calls",
        "errors",
        "retries",
        "cost_usd_micros",
        "input_tokens",
        "output_tokens",
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Calls over some time. Latencies are None without calls; each try is a call."""

    calls: int = 0
    errors: int = 0
    retries: int = 0
    cost_usd_micros: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None

    @property
    def error_share(self) -> float:
        """From 0 to 1."""
        return self.errors / self.calls if self.calls else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a version is: what the last probe found, and how its breaker stands.

    `is_well` is None where nobody has looked.
    """

    is_well: bool | None
    message: str
    latency_ms: float | None
    checked_at: datetime | None
    changed_at: datetime | None
    breaker: State


def figures_by_model(model_ids: Iterable[UUID], span: timedelta) -> dict[UUID, Figures]:
    """The figures of each model over the last `span`, all versions together."""
    return _figures_by("version__model_id", _of_models(model_ids, span))


def figures_by_version(model_id: UUID, span: timedelta) -> dict[UUID, Figures]:
    """The figures of each version of a model."""
    return _figures_by("version_id", _of_models([model_id], span))


def figures_by_tag(model_id: UUID, span: timedelta) -> dict[str, Figures]:
    """The figures of a model for each kind of request."""
    return _figures_by("tag", _of_models([model_id], span))


def figures_by_hour(model_id: UUID, span: timedelta) -> dict[datetime, Figures]:
    """The figures of a model in each hour that had calls, the earliest first."""
    return dict(sorted(_figures_by("hour", _of_models([model_id], span)).items()))


def calls_by_hour(
    model_ids: Iterable[UUID], span: timedelta
) -> dict[UUID, list[tuple[int, int]]]:
    """Calls and errors in every hour of `span`, for the small charts of a list."""
    hours = list(_hours(span))
    counted: defaultdict[UUID, dict[datetime, tuple[int, int]]] = defaultdict(dict)
    rows = _of_models(model_ids, span).values("version__model_id", "hour")
    for row in rows.annotate(calls=Sum("calls"), errors=Sum("errors")):
        found = counted[row["version__model_id"]]
        found[row["hour"]] = (row["calls"], row["errors"])
    return {
        model_id: [found.get(hour, (0, 0)) for hour in hours]
        for model_id, found in counted.items()
    }


def conditions(version_ids: Iterable[UUID]) -> dict[UUID, Condition]:
    """How versions are; one that is not in it was never looked at."""
    rows = ModelHealth.objects.filter(pk__in=set(version_ids))
    return {row.pk: _condition(row) for row in rows}


def _of_models(model_ids: Iterable[UUID], span: timedelta) -> QuerySet[ModelFigures]:
    since = min(_hours(span))
    return ModelFigures.objects.filter(
        version__model_id__in=set(model_ids), hour__gte=since
    )


def _hours(span: timedelta) -> Iterable[datetime]:
    """The hours of the last `span`, the one under way included."""
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    count = max(round(span.total_seconds() / 3600), 1)
    return (last - timedelta(hours=back) for back in reversed(range(count)))


def _figures_by(key: str, found: QuerySet[ModelFigures]) -> dict[Any, Figures]:
    """Add up by key; the rows of a bucket come together from all hours."""
    rows = found.values("bucket", key=F(key)).annotate(**SUMS).order_by()
    by_key: defaultdict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_key[row["key"]].append(row)
    return {value: _added(rows) for value, rows in by_key.items()}


def _added(rows: list[Mapping[str, Any]]) -> Figures:
    counts = [(row["bucket"], row["calls"]) for row in rows]
    return Figures(
        **{name: sum(row[name] for row in rows) for name in SUMS},
        p50_ms=percentile(counts, 0.5),
        p95_ms=percentile(counts, 0.95),
    )


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
    )
