"""How good a model's answers are, on evaluation sets and to reviewers, and how that went."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from model_registry.evaluations.measures import (
    Measure,
    Metric,
    metric_from,
    metric_names,
)
from model_registry.evaluations.proportions import wilson
from model_registry.evaluations.selectors import list_evaluations, result_of
from model_registry.guarding.series import Period, step_of
from model_registry.models import Evaluation, Model, WorkStatus
from model_registry.reviews import Reviewed

Key = TypeVar("Key")
MOST_EVALUATIONS = 200
# How many evaluations a trend goes back.
MOST_GRADES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Answers that reviewers decided about within one step of a period."""

    at: datetime
    right: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Answers that reviewers decided about: how many there were and were right.

    `trend` are the steps of the period in which there were any.
    """

    right: int
    of: int
    trend: tuple[Judged, ...] = ()

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval, Wilson's."""
        return wilson(self.right, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What a version achieved then."""

    at: datetime | None
    version: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What a version last achieved on a set: the main metric.

    `trend` is what the model's versions achieved on the same cases up to then.
    """

    set_name: str
    at: datetime | None
    metric: Metric
    trend: tuple[Graded, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityOf:
    """How good answers are: on a set, and to reviewers. None where nobody has looked."""

    evaluated: Evaluated | None = None
    reviewed: Verdicts | None = None


def verdicts_of(
    reviewed: Iterable[tuple[Key, Reviewed]], period: Period
) -> dict[Key, Verdicts]:
    """Add up what reviewers decided, for each key."""
    right: defaultdict[Key, Counter[datetime]] = defaultdict(Counter)
    of: defaultdict[Key, Counter[datetime]] = defaultdict(Counter)
    for key, each in reviewed:
        at = step_of(each.at, period)
        right[key][at] += each.right
        of[key][at] += each.of
    return {
        key: Verdicts(
            right=right[key].total(),
            of=counts.total(),
            trend=tuple(
                Judged(at=at, right=right[key][at], of=counts[at])
                for at in sorted(counts)
            ),
        )
        for key, counts in of.items()
    }


def list_completed(model: Model) -> list[Evaluation]:
    """The last evaluations of a model that came to their end, the newest last."""
    done = list_evaluations(model).filter(status=WorkStatus.COMPLETED)
    return list(done.order_by("-created_at")[:MOST_EVALUATIONS])[::-1]


def evaluated_by_version(done: Iterable[Evaluation]) -> dict[UUID, Evaluated]:
    """What each version achieved last."""
    found: dict[UUID, Evaluated] = {}
    for each in done:
        metrics = {metric.name: metric for metric in result_of(each).metrics}
        measure = Measure(each.evaluation_set.measure)
        main = next(filter(None, map(metrics.get, metric_names(measure))), None)
        if main:
            name = each.evaluation_set.name
            found[each.version_id] = Evaluated(
                set_name=name, at=each.ended_at, metric=main
            )
    return found


def evaluated_by_tag(done: Iterable[Evaluation]) -> dict[tuple[UUID, str], Evaluated]:
    """What each version achieved last on the cases of each tag."""
    found: dict[tuple[UUID, str], Evaluated] = {}
    grades: defaultdict[tuple[UUID, str], list[Graded]] = defaultdict(list)
    for each in done:
        for tag, stored in each.by_tag.items():
            metric = metric_from(stored)
            trend = grades[each.evaluation_set_id, tag]
            trend.append(
                Graded(
                    at=each.ended_at, version=each.version.number, value=metric.value
                )
            )
            found[each.version_id, tag] = Evaluated(
                set_name=each.evaluation_set.name,
                at=each.ended_at,
                metric=metric,
                trend=tuple(trend[-MOST_GRADES:]),
            )
    return found
