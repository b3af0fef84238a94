"""anomaly-zscore: how far the last reading is from the middle of all before it."""

import numpy as np

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.sensors.readings import (
    deviations,
    read_readings,
    verdict,
)

LIMIT = 2.428


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return judge


def judge(payload: Payload) -> Payload:
    """Map `{readings}` to score, anomaly and the channel that stands out most."""
    readings = read_readings(payload)
    past, last = readings[:-1], readings[-1]
    distances = np.abs(last - np.median(past, axis=0)) / deviations(past)
    channel = int(distances.argmax())
    return verdict(float(distances[channel]), LIMIT, channel)
