"""How answers are compared, and what comes of it. Pure, and light enough for any process.

A case without an answer counts as wrong wherever a case can be wrong.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from model_registry.evaluations.comparing import is_right, rank_of, right_fields
from model_registry.json_values import JsonObject


class Measure(StrEnum):
    """How answers are compared with what is right."""

    LABEL = "label"
    FIELDS = "fields"
    SCORE = "score"
    NUMBERS = "numbers"
    RANKING = "ranking"
    EXACT = "exact"


BY_CAPABILITY: Mapping[str, Measure] = MappingProxyType(
    {
        "classify": Measure.LABEL,
        "identify_language": Measure.LABEL,
        "moderate": Measure.LABEL,
        "extract": Measure.FIELDS,
        "detect_personal_data": Measure.FIELDS,
        "score": Measure.SCORE,
        "detect_anomaly": Measure.SCORE,
        "forecast": Measure.NUMBERS,
        "retrieve": Measure.RANKING,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A case and the answer to it; None where there was none."""

    expected: JsonObject
    output: JsonObject | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A figure with its 95 % interval, of `of` cases or parts of them.

    `low` and `high` are empty where the cases are too few or too alike to tell.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    of: int
    more_is_better: bool = True

    @property
    def worse_end(self) -> float | None:
        """The end of the interval that a careful person goes by."""
        return self.low if self.more_is_better else self.high

    def as_json(self) -> JsonObject:
        """As it is stored."""
        return asdict(self)


NAMES: Mapping[Measure, tuple[str, ...]] = MappingProxyType(
    {
        Measure.LABEL: ("accuracy", "macro_f1", "answered"),
        Measure.FIELDS: ("field_match", "exact_match", "answered"),
        Measure.SCORE: ("auc", "precision", "recall", "answered"),
        Measure.NUMBERS: ("mae", "smape", "answered"),
        Measure.RANKING: ("top_1", "mrr", "answered"),
        Measure.EXACT: ("exact_match", "answered"),
    }
)


def measure_of(capability: str) -> Measure:
    """How answers of a capability are compared where nobody states it."""
    return BY_CAPABILITY.get(capability, Measure.EXACT)


def metric_names(measure: Measure) -> tuple[str, ...]:
    """The metrics that a measure gives, the main one first."""
    return NAMES[measure]


def case_score(measure: Measure, target: str, case: Answered) -> float | None:
    """How right one answer is; None where only all cases together tell."""
    match measure:
        case Measure.LABEL:
            return float(is_right(target, case.expected, case.output))
        case Measure.FIELDS:
            right, of = right_fields(case.expected, case.output)
            return right / of if of else 1.0
        case Measure.RANKING:
            return reciprocal(rank_of(target, case.expected, case.output))
        case Measure.EXACT:
            return float(right_fields(case.expected, case.output, whole=True)[0])
    return None


def reciprocal(rank: int | None) -> float:
    """What a place counts for; nothing where it was not found."""
    return 1 / rank if rank else 0.0


def metric_from(stored: Mapping[str, Any]) -> Metric:
    """Read back what `as_json` gave."""
    return Metric(**stored)
