"""How figures went over some time: the points of charts, in one query each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncDay
from django.utils import timezone

from model_registry.guarding.latency import percentile
from model_registry.models import ModelFigures

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Counts = dict[datetime, list[tuple[int, int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The time that figures are of; a point of a chart covers `step`."""

    name: str
    span: timedelta
    step: timedelta


PERIODS = {
    period.name: period
    for period in (
        Period(name="24h", span=DAY, step=HOUR),
        Period(name="7d", span=7 * DAY, step=6 * HOUR),
        Period(name="30d", span=30 * DAY, step=DAY),
    )
}
USUAL = PERIODS["7d"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The calls of one step of a period; without calls there are no latencies."""

    at: datetime
    calls: int = 0
    errors: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None


def series_by_version(model_id: UUID, period: Period) -> dict[UUID, list[Point]]:
    """The points of every version that was called, and of all of them under `model_id`."""
    found: defaultdict[UUID, Counts] = defaultdict(lambda: defaultdict(list))
    rows = _slots(period).filter(version__model_id=model_id)
    for version_id, slot, bucket, calls, errors in (
        rows.values_list("version_id", "slot", "bucket")
        .annotate(Sum("calls"), Sum("errors"))
        .order_by()
    ):
        at = _begin(slot, period.step)
        for key in (version_id, model_id):
            found[key][at].append((bucket, calls, errors))
    return {key: _points(counts, period) for key, counts in found.items()}


def series_by_tag(version_id: UUID, period: Period) -> dict[str, list[Point]]:
    """The points of every tag under which a version was called, without latencies."""
    found: defaultdict[str, Counts] = defaultdict(lambda: defaultdict(list))
    rows = _slots(period).filter(version_id=version_id).values_list("tag", "slot")
    for tag, slot, calls, errors in rows.annotate(
        Sum("calls"), Sum("errors")
    ).order_by():
        found[tag][_begin(slot, period.step)].append((0, calls, errors))
    return {tag: _points(counts, period) for tag, counts in found.items()}


def steps_of(period: Period) -> list[datetime]:
    """When each step of a period began, the one under way last."""
    last = _begin(timezone.now(), period.step)
    count = period.span // period.step
    return [last - back * period.step for back in reversed(range(count))]


def step_of(moment: datetime, period: Period) -> datetime:
    """When the step of a period began in which a moment lies."""
    return _begin(moment, period.step)


def _slots(period: Period) -> QuerySet[Any]:
    """The rows of a period with `slot`: a day at a time where a step is a day."""
    rows = ModelFigures.objects.filter(hour__gte=steps_of(period)[0])
    if period.step < DAY:
        return rows.annotate(slot=F("hour"))
    return rows.annotate(slot=TruncDay("hour", tzinfo=UTC))


def _points(counts: Counts, period: Period) -> list[Point]:
    return [_point(at, counts.get(at, [])) for at in steps_of(period)]


def _point(at: datetime, rows: list[tuple[int, int, int]]) -> Point:
    latencies = [(bucket, calls) for bucket, calls, _ in rows]
    return Point(
        at=at,
        calls=sum(calls for _, calls, _ in rows),
        errors=sum(errors for _, _, errors in rows),
        p50_ms=percentile(latencies, 0.5),
        p95_ms=percentile(latencies, 0.95),
    )


def _begin(moment: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
