"""Reading figures, for as many models as a page shows, in one query each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum
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


def figures_by_model(model_ids: Iterable[UUID], span: timedelta) -> dict[UUID, Figures]:
    """The figures of each model over the last `span`, all versions together."""
    return _figures_by("version__model_id", _of_models(model_ids, span))


def figures_by_version(model_id: UUID, span: timedelta) -> dict[UUID, Figures]:
    """The figures of each version of a model."""
    return _figures_by("version_id", _of_models([model_id], span))


def figures_by_tag(model_id: UUID, span: timedelta) -> dict[str, Figures]:
    """The figures of a model for each kind of request."""
    return _figures_by("tag", _of_models([model_id], span))


def figures_by_version_and_tag(
    model_id: UUID, span: timedelta
) -> dict[tuple[UUID, str], Figures]:
    """The figures of each version of a model for each kind of request."""
    return {
        key: add_up(rows)
        for key, rows in count_by_version_and_tag(model_id, span).items()
    }


def count_by_version_and_tag(
    model_id: UUID, span: timedelta
) -> dict[tuple[UUID, str], list[Row]]:
    """Rows to `add_up`: one for each latency that occurred."""
    counted: defaultdict[tuple[UUID, str], list[Row]] = defaultdict(list)
    rows = _of_models([model_id], span).values("bucket", "version_id", "tag")
    for row in rows.annotate(**SUMS).order_by():
        counted[row["version_id"], row["tag"]].append(row)
    return counted


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
    by_key: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row["key"]].append(row)
    return {value: add_up(rows) for value, rows in by_key.items()}


def add_up(rows: Iterable[Row]) -> Figures:
    """The figures of some calls, from how many took how long."""
    rows = list(rows)
    counts = [(row["bucket"], row["calls"]) for row in rows]
    return Figures(
        **{name: sum(row[name] for row in rows) for name in SUMS},
        p50_ms=percentile(counts, 0.5),
        p95_ms=percentile(counts, 0.95),
    )
