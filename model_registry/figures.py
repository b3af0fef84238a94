"""All figures of a model over some time, as its page and the API give them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from model_registry.guarding.condition import open_drifts
from model_registry.guarding.selectors import (
    Figures,
    Row,
    add_up,
    count_by_version_and_tag,
)
from model_registry.guarding.series import Period, Point, series_by_version, steps_of
from model_registry.models import Model, ModelDrift
from model_registry.quality import (
    Evaluated,
    Key,
    QualityOf,
    Verdicts,
    evaluated_by_tag,
    evaluated_by_version,
    list_completed,
    verdicts_of,
)
from model_registry.reviews import count_reviews

NOTHING = Figures()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReport:
    """The figures of a model over a period.

    `numbers` are those of all versions. Versions are by id, tags by id of version and
    tag; one that only cases of an evaluation have is among them, without calls.
    `points` are of charts, by id of version, and of all versions under the model's.
    """

    period: Period
    since: datetime
    numbers: Mapping[UUID, int]
    total: Figures
    by_version: Mapping[UUID, Figures]
    by_tag: Mapping[tuple[UUID, str], Figures]
    points: Mapping[UUID, list[Point]]
    qualities: Mapping[UUID, QualityOf]
    qualities_by_tag: Mapping[tuple[UUID, str], QualityOf]
    drifts: list[ModelDrift]


def report_of(model: Model, period: Period) -> ModelReport:
    """Read all figures; the queries do not depend on how many versions or tags there are."""
    numbers = dict(model.versions.values_list("number", "pk"))
    since = steps_of(period)[0]
    counted = count_by_version_and_tag(model.pk, since)
    reviewed = [each for each in count_reviews(model, since) if each.version in numbers]
    evaluations = list_completed(model)
    qualities = _qualities(
        evaluated_by_version(evaluations),
        verdicts_of(((numbers[each.version], each) for each in reviewed), period),
    )
    qualities_by_tag = _qualities(
        evaluated_by_tag(evaluations),
        verdicts_of(
            (((numbers[each.version], each.tag), each) for each in reviewed), period
        ),
    )
    by_tag = dict.fromkeys(qualities_by_tag, NOTHING)
    by_tag |= {key: add_up(rows) for key, rows in counted.items()}
    return ModelReport(
        period=period,
        since=since,
        numbers={pk: number for number, pk in numbers.items()},
        total=_joined(counted.values()),
        by_version=_by_version(counted),
        by_tag=by_tag,
        points=series_by_version(model.pk, period),
        qualities=qualities,
        qualities_by_tag=qualities_by_tag,
        drifts=open_drifts([model.pk]),
    )


def _qualities(
    evaluated: Mapping[Key, Evaluated], reviewed: Mapping[Key, Verdicts]
) -> dict[Key, QualityOf]:
    return {
        key: QualityOf(evaluated=evaluated.get(key), reviewed=reviewed.get(key))
        for key in {**evaluated, **reviewed}
    }


def _by_version(counted: Mapping[tuple[UUID, str], list[Row]]) -> dict[UUID, Figures]:
    found: defaultdict[UUID, list[list[Row]]] = defaultdict(list)
    for (version_id, _), rows in counted.items():
        found[version_id].append(rows)
    return {version_id: _joined(each) for version_id, each in found.items()}


def _joined(counted: Iterable[list[Row]]) -> Figures:
    return add_up(row for rows in counted for row in rows)
