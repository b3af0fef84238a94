"""What the models for sensors have in common: reading the input, shaping the answer."""

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.contract import Payload

Numbers = NDArray[np.float64]
# Turns a median of absolute deviations into a standard deviation of normal noise.
MAD_TO_DEVIATION = 1.4826
LEAST_DEVIATION = 1e-9


def read_readings(payload: Payload) -> Numbers:
    """Return the readings, one row a moment and one column a channel.

    Raises:
        ValueError: the rows are not equally long.
    """
    rows = payload["readings"]
    if len({len(row) for row in rows}) != 1:
        msg = "Every reading must have the same number of channels."
        raise ValueError(msg)
    return np.array(rows, dtype=np.float64)


def deviations(values: Numbers) -> Numbers:
    """Return a robust standard deviation for each column."""
    distances = np.abs(values - np.median(values, axis=0))
    return np.maximum(MAD_TO_DEVIATION * np.median(distances, axis=0), LEAST_DEVIATION)


def verdict(unusual: float, limit: float, channel: int | None = None) -> Payload:
    """Shape the answer: a score of 0.5 is exactly at the limit."""
    return {
        "score": round(unusual / (unusual + limit), 6),
        "anomaly": unusual >= limit,
        "channel": channel,
    }
