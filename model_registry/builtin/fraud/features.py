"""What the fraud models look at: a payment as a row of numbers."""

import math

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.contract import Payload

Row = NDArray[np.float64]
RISKY_CATEGORIES = ("electronics", "gambling", "gift_cards", "travel")
NAMES = (
    "log_amount",
    "log_times_usual",
    "hour_sin",
    "hour_cos",
    "online",
    "contactless",
    "abroad",
    "log_distance",
    "log_minutes",
    "log_speed",
    "log_payments_24h",
    "new_merchant",
    *RISKY_CATEGORIES,
)


def featurize(payment: Payload) -> Row:
    """Return the row of one payment, in the order of `NAMES`."""
    amount, usual = payment["amount"], payment["usual_amount"]
    minutes, distance = payment["minutes_since_last"], payment["distance_km"]
    angle = payment["hour"] * math.tau / 24
    row = [
        math.log1p(amount),
        math.log((amount + 1) / (usual + 1)),
        math.sin(angle),
        math.cos(angle),
        payment["channel"] == "online",
        payment["channel"] == "contactless",
        payment["abroad"],
        math.log1p(distance),
        math.log1p(minutes),
        math.log1p(distance / max(minutes / 60, 0.1)),
        math.log1p(payment["payments_24h"]),
        payment["new_merchant"],
        *(payment["category"] == name for name in RISKY_CATEGORIES),
    ]
    return np.array(row, dtype=np.float64)
