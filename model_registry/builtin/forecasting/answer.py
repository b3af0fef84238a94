"""What the forecasting models have in common: reading the input, shaping the answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.contract import Payload

Numbers = NDArray[np.float64]
# Four of five values should lie within so many standard deviations.
DEVIATIONS_80 = 1.2816


@dataclass(frozen=True, slots=True)
class Question:
    """Past values, oldest first; a season of 1 is none."""

    values: Numbers
    horizon: int
    season: int


def read_question(payload: Payload) -> Question:
    """Read `{values, horizon, season}`; two whole seasons are needed to see one."""
    values = np.array(payload["values"], dtype=np.float64)
    season = payload["season"]
    return Question(
        values, payload["horizon"], season if len(values) >= 2 * season else 1
    )


def shaped(forecast: Numbers, deviations: Numbers) -> Payload:
    """Shape the answer, with the bounds between which four of five values should lie."""
    reach = DEVIATIONS_80 * deviations
    return {
        "forecast": _rounded(forecast),
        "lower": _rounded(forecast - reach),
        "upper": _rounded(forecast + reach),
    }


def _rounded(values: Numbers) -> list[float]:
    return [round(float(value), 4) for value in values]
