"""All figures of a model over some time, as its page and the API give them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from model_registry.evaluations.measures import Measure, Metric, metric_names
from model_registry.evaluations.proportions import wilson
from model_registry.evaluations.selectors import list_evaluations, result_of
from model_registry.guarding.condition import open_drifts
from model_registry.guarding.selectors import (
    Figures,
    Row,
    add_up,
    count_by_version_and_tag,
)
from model_registry.guarding.series import Period, Point, series_by_version, steps_of
from model_registry.models import Model, ModelDrift, WorkStatus
from model_registry.reviews import Reviewed, count_reviews

Key = TypeVar("Key")
MOST_EVALUATIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Answers that reviewers decided about: how many there were and were right."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval, Wilson's."""
        return wilson(self.right, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What a version last achieved on a set: the main metric."""

    set_name: str
    at: datetime | None
    metric: Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityOf:
    """How good answers are: on a set, and to reviewers. None where nobody has looked."""

    evaluated: Evaluated | None = None
    reviewed: Verdicts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReport:
    """The figures of a model over a period.

    `numbers` are those of all versions. Versions are by id, tags by id of version and
    tag. `points` are of charts, by id of
    version, and of all versions under the model's. `qualities` are by version.
    """

    period: Period
    since: datetime
    numbers: Mapping[UUID, int]
    total: Figures
    by_version: Mapping[UUID, Figures]
    by_tag: Mapping[tuple[UUID, str], Figures]
    points: Mapping[UUID, list[Point]]
    qualities: Mapping[UUID, QualityOf]
    reviewed_by_tag: Mapping[tuple[UUID, str], Verdicts]
    drifts: list[ModelDrift]


def report_of(model: Model, period: Period) -> ModelReport:
    """Read all figures; the queries do not depend on how many versions or tags there are."""
    numbers = dict(model.versions.values_list("number", "pk"))
    since = steps_of(period)[0]
    counted = count_by_version_and_tag(model.pk, since)
    reviewed = [each for each in count_reviews(model, since) if each.version in numbers]
    by_number = _verdicts((each.version, each) for each in reviewed)
    evaluated = _evaluated(model)
    return ModelReport(
        period=period,
        since=since,
        numbers={pk: number for number, pk in numbers.items()},
        total=_joined(counted.values()),
        by_version=_by_version(counted),
        by_tag={key: add_up(rows) for key, rows in counted.items()},
        points=series_by_version(model.pk, period),
        qualities={
            pk: QualityOf(evaluated=evaluated.get(pk), reviewed=by_number.get(number))
            for number, pk in numbers.items()
            if number in by_number or pk in evaluated
        },
        reviewed_by_tag=_verdicts(
            ((numbers[each.version], each.tag), each) for each in reviewed
        ),
        drifts=open_drifts([model.pk]),
    )


def _by_version(counted: Mapping[tuple[UUID, str], list[Row]]) -> dict[UUID, Figures]:
    found: defaultdict[UUID, list[list[Row]]] = defaultdict(list)
    for (version_id, _), rows in counted.items():
        found[version_id].append(rows)
    return {version_id: _joined(each) for version_id, each in found.items()}


def _joined(counted: Iterable[list[Row]]) -> Figures:
    return add_up(row for rows in counted for row in rows)


def _verdicts(reviewed: Iterable[tuple[Key, Reviewed]]) -> dict[Key, Verdicts]:
    right: Counter[Key] = Counter()
    of: Counter[Key] = Counter()
    for key, each in reviewed:
        right[key] += each.right
        of[key] += each.of
    return {key: Verdicts(right=right[key], of=count) for key, count in of.items()}


def _evaluated(model: Model) -> dict[UUID, Evaluated]:
    """The main metric of the last evaluation of each version."""
    done = list_evaluations(model).filter(status=WorkStatus.COMPLETED)
    found: dict[UUID, Evaluated] = {}
    for each in done.order_by("-created_at")[:MOST_EVALUATIONS]:
        metrics = {metric.name: metric for metric in result_of(each).metrics}
        measure = Measure(each.evaluation_set.measure)
        main = next(filter(None, map(metrics.get, metric_names(measure))), None)
        if main and each.version_id not in found:
            name = each.evaluation_set.name
            found[each.version_id] = Evaluated(
                set_name=name, at=each.ended_at, metric=main
            )
    return found
