"""Reading figures, for as many models as a page shows, in one query each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from model_registry.guarding.latency import percentile
from model_registry.models import ModelFigures

Row = Mapping[str, Any]
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


def count_by_version_and_tag(
    model_id: UUID, since: datetime
) -> dict[tuple[UUID, str], list[Row]]:
    """The calls of a model's versions by kind of request, as rows to `add_up`."""
    counted: defaultdict[tuple[UUID, str], list[Row]] = defaultdict(list)
    found = ModelFigures.objects.filter(version__model_id=model_id, hour__gte=since)
    rows = found.values("bucket", "version_id", "tag")
    for row in rows.annotate(**SUMS).order_by():
        counted[row["version_id"], row["tag"]].append(row)
    return counted


def calls_by_hour(
    model_ids: Iterable[UUID], span: timedelta
) -> dict[UUID, list[tuple[int, int]]]:
    """Calls and errors in every hour of `span`, for the small charts of a list."""
    hours = list(_hours(span))
    counted: defaultdict[UUID, dict[datetime, tuple[int, int]]] = defaultdict(dict)
    found = ModelFigures.objects.filter(
        version__model_id__in=set(model_ids), hour__gte=hours[0]
    )
    rows = found.values("version__model_id", "hour")
    for row in rows.annotate(calls=Sum("calls"), errors=Sum("errors")):
        by_hour = counted[row["version__model_id"]]
        by_hour[row["hour"]] = (row["calls"], row["errors"])
    return {
        model_id: [by_hour.get(hour, (0, 0)) for hour in hours]
        for model_id, by_hour in counted.items()
    }


def _hours(span: timedelta) -> Iterable[datetime]:
    """The hours of the last `span`, the one under way last."""
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    count = max(round(span.total_seconds() / 3600), 1)
    return (last - timedelta(hours=back) for back in reversed(range(count)))


def add_up(rows: Iterable[Row]) -> Figures:
    """The figures of some calls, from how many took how long."""
    rows = list(rows)
    counts = [(row["bucket"], row["calls"]) for row in rows]
    return Figures(
        **{name: sum(row[name] for row in rows) for name in SUMS},
        p50_ms=percentile(counts, 0.5),
        p95_ms=percentile(counts, 0.95),
    )
