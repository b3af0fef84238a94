"""Figures and health as pages show them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from model_registry import charts
from model_registry.figures import NOTHING, ModelReport
from model_registry.guarding.condition import (
    Condition,
    conditions,
    last_changes,
    open_drifts,
    upness,
)
from model_registry.guarding.selectors import Figures, calls_by_hour
from model_registry.guarding.series import PERIODS, USUAL, Point, series_by_tag
from model_registry.guarding.upness import Upness
from model_registry.models import (
    Alias,
    HealthChange,
    Model,
    ModelDrift,
    ModelVersion,
)
from model_registry.present import ModelRow
from model_registry.quality import QualityOf, Verdicts
from orchestrator_site.shell.figures import duration

PERIOD_WORDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "24h": (gettext_lazy("24 h"), gettext_lazy("per hour")),
    "7d": (gettext_lazy("7 days"), gettext_lazy("per 6 hours")),
    "30d": (gettext_lazy("30 days"), gettext_lazy("per day")),
}
PER_CALLS = 1000
UNSEEN = QualityOf()
INTERVAL_WIDTH = 56


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A share and its interval on a rail, in pixels; `words` say it all.

    `note` is the interval alone.
    """

    value: str
    words: str
    note: str = ""
    x: float | None = None
    low: float = 0
    width: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Cells:
    """The figures of a version, or of calls with a tag, in a row of a table.

    The trends are how `quality` and `approved` went.
    """

    figures: Figures
    spark: charts.Spark | None
    quality: Interval | None = None
    approved: Interval | None = None
    quality_trend: charts.Spark | None = None
    approved_trend: charts.Spark | None = None
    drifts: Sequence[ModelDrift] = ()

    @property
    def calls(self) -> str:
        """How many there were."""
        return f"{self.figures.calls:,}"

    @property
    def errors(self) -> str:
        """The share of errors in per cent; nothing without calls."""
        return percent(self.figures.error_share) if self.figures.calls else ""

    @property
    def cost_micros(self) -> int | None:
        """What a thousand calls cost; None without calls."""
        calls = self.figures.calls
        return (
            round(self.figures.cost_usd_micros / calls * PER_CALLS) if calls else None
        )

    @property
    def p50(self) -> str:
        """Half of the calls took no longer."""
        return latency(self.figures.p50_ms)

    @property
    def p95(self) -> str:
        """Nineteen of twenty calls took no longer."""
        return latency(self.figures.p95_ms)


@dataclass(frozen=True, kw_only=True, slots=True)
class TagRow:
    """Calls of a version with a tag."""

    tag: str
    cells: Cells


@dataclass(frozen=True, kw_only=True, slots=True)
class Charts:
    """The latency and the calls of a model over a period."""

    begin: datetime
    latency_ticks: list[tuple[float, str]]
    p50: charts.Line
    p95: charts.Line
    calls_ticks: list[tuple[float, str]]
    bars: list[charts.Bar]
    longest: str
    errors: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """What a list shows of a model: its live version's health, and the last day's calls."""

    state: str
    reason: str
    calls: str
    spark: charts.Spark | None
    has_drift: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthRow:
    """How a version is that an alias points at."""

    number: int
    condition: Condition
    last: HealthChange | None
    upness: Upness


def percent(share: float) -> str:
    """A share in per cent, with as many decimals as it needs."""
    places = 1 if 0 < share < 0.1 or 0.99 < share < 1 else 0
    return f"{share * 100:.{places}f} %"


def latency(ms: float | None) -> str:
    """A latency with its unit; under a millisecond with a decimal."""
    if ms is None:
        return ""
    if ms == 0:
        return "0"
    return f"{ms:.1f} ms" if ms < 1 else duration(ms / 1000)


def periods(current: str) -> list[tuple[str, str | Promise, bool]]:
    """The periods to choose from: name, words, and whether it is this one."""
    return [(name, PERIOD_WORDS[name][0], name == current) for name in PERIODS]


def version_cells(report: ModelReport) -> dict[UUID, Cells]:
    """The figures of every version of a model."""
    begin = _begin_of(report.qualities.values())
    return {
        pk: Cells(
            figures=report.by_version.get(pk, NOTHING),
            spark=_calls_spark(report.points.get(pk, [])),
            quality=_quality(report.qualities.get(pk, UNSEEN), begin),
            approved=approved(report.qualities.get(pk, UNSEEN).reviewed),
            drifts=[drift for drift in report.drifts if drift.version_id == pk],
        )
        for pk in report.numbers
    }


def tag_rows(report: ModelReport, version: ModelVersion) -> list[TagRow]:
    """The tags of a version, those with most calls first."""
    points = series_by_tag(version.pk, report.period)
    qualities = {
        tag: found
        for (pk, tag), found in report.qualities_by_tag.items()
        if pk == version.pk
    }
    begin = _begin_of(qualities.values())
    found = [
        TagRow(
            tag=tag,
            cells=Cells(
                figures=figures,
                spark=_calls_spark(points.get(tag, [])),
                **_quality_cells(qualities.get(tag, UNSEEN), begin),
                drifts=[
                    drift
                    for drift in report.drifts
                    if drift.version_id == pk and drift.tag == tag
                ],
            ),
        )
        for (pk, tag), figures in report.by_tag.items()
        if pk == version.pk
    ]
    return sorted(found, key=lambda row: (-row.cells.figures.calls, row.tag))


def charts_of(points: Sequence[Point]) -> Charts | None:
    """The charts of a period; None without calls."""
    if not any(point.calls for point in points):
        return None
    took = charts.scale_of(point.p95_ms for point in points)
    made = charts.scale_of(point.calls for point in points)
    calls = sum(point.calls for point in points)
    errors = sum(point.errors for point in points)
    return Charts(
        begin=points[0].at,
        latency_ticks=[(tick.y, latency(tick.value)) for tick in took.ticks],
        p50=charts.line([point.p50_ms for point in points], took),
        p95=charts.line([point.p95_ms for point in points], took),
        calls_ticks=[(tick.y, f"{tick.value:,.10g}") for tick in made.ticks],
        bars=charts.bars([(point.calls, point.errors) for point in points], made),
        longest=_("Latency of at most %s at the 95th percentile")
        % latency(max(point.p95_ms or 0 for point in points)),
        errors=_("%(errors)s of %(calls)s calls failed")
        % {"errors": f"{errors:,}", "calls": f"{calls:,}"},
    )


def health_rows(aliases: Sequence[Alias]) -> list[HealthRow]:
    """How the versions are that aliases point at, in the order of the aliases."""
    numbers = {alias.version.pk: alias.version.number for alias in aliases}
    found, changes = conditions(numbers), last_changes(numbers)
    return [
        HealthRow(
            number=number,
            condition=found.get(pk, Condition()),
            last=changes[pk][0] if pk in changes else None,
            upness=upness(changes.get(pk, [])),
        )
        for pk, number in numbers.items()
    ]


def glances_of(rows: Sequence[ModelRow]) -> dict[UUID, Glance]:
    """What a list shows of the models that can be called, by id."""
    live = {
        row.model.pk: row.aliases[0].version_id if row.aliases else None
        for row in rows
        if row.model.kind == Model.Kind.MODEL
    }
    found = conditions(pk for pk in live.values() if pk)
    counted = calls_by_hour(live, PERIODS["24h"].span)
    drifted = {drift.version.model_id for drift in open_drifts(live)}
    return {
        model_id: _glance(
            found.get(version_id) if version_id else None,
            [calls for calls, _ in counted.get(model_id, [])],
            has_drift=model_id in drifted,
        )
        for model_id, version_id in live.items()
    }


def _glance(
    condition: Condition | None, calls: Sequence[int], *, has_drift: bool
) -> Glance:
    return Glance(
        state=condition.state if condition else "",
        reason=condition.message if condition else "",
        calls=f"{sum(calls):,}",
        spark=charts.spark(calls),
        has_drift=has_drift,
    )


def period_named(name: str) -> str:
    """The name of a period that there is."""
    return name if name in PERIODS else USUAL.name


def approved(verdicts: Verdicts | None) -> Interval | None:
    """The share of answers that reviewers approved as they were."""
    if verdicts is None:
        return None
    words = _("%(right)d of %(of)d decided answers were approved as they were") % {
        "right": verdicts.right,
        "of": verdicts.of,
    }
    return _interval(percent(verdicts.share), words, verdicts.share, verdicts.interval)


def _quality_cells(quality: QualityOf, begin: float) -> dict[str, Any]:
    """What is known of answers with a tag, and how that went."""
    grades = quality.evaluated.trend if quality.evaluated else ()
    judged = quality.reviewed.trend if quality.reviewed else ()
    return {
        "quality": _quality(quality, begin),
        "quality_trend": charts.spark([grade.value for grade in grades]),
        "approved": approved(quality.reviewed),
        "approved_trend": charts.spark([each.right / each.of for each in judged]),
    }


def _begin_of(qualities: Iterable[QualityOf]) -> float:
    """Where the rails of all versions begin, so that they can be told apart."""
    metrics = [each.evaluated.metric for each in qualities if each.evaluated]
    lows = [metric.low for metric in metrics if metric.low is not None]
    return max(math.floor(min(lows, default=0) * 10) - 1, 0) / 10


def _quality(quality: QualityOf, begin: float) -> Interval | None:
    found = quality.evaluated
    if found is None:
        return None
    metric = found.metric
    words = _("%(metric)s on %(set)s, %(of)d cases") % {
        "metric": metric.name,
        "set": found.set_name,
        "of": metric.of,
    }
    shown = f"{metric.value:.3f}"
    if earlier := found.trend[:-1]:
        words += _("; before: %s") % ", ".join(f"{each.value:.3f}" for each in earlier)
    if metric.low is None or metric.high is None or not metric.more_is_better:
        return Interval(value=shown, words=words)
    return _interval(shown, words, metric.value, (metric.low, metric.high), begin)


def _interval(
    shown: str,
    words: str,
    value: float,
    between: tuple[float, float],
    begin: float = 0.0,
) -> Interval:
    """On a rail from `begin` to 1."""
    low, high = between
    scale = INTERVAL_WIDTH / (1 - begin)
    said = _("%(words)s; 95 %% interval %(low).3f to %(high).3f")
    return Interval(
        value=shown,
        words=said % {"words": words, "low": low, "high": high},
        note=_("%(low).3f to %(high).3f") % {"low": low, "high": high},
        x=round((value - begin) * scale, 1),
        low=round((low - begin) * scale, 1),
        width=round((high - low) * scale, 1),
    )


def _calls_spark(points: Sequence[Point]) -> charts.Spark | None:
    return charts.spark([point.calls for point in points])
