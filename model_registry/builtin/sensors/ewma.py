"""anomaly-ewma: how far the last reading is from what the readings before it lead to.

Source: Roberts, Control Chart Tests Based on Geometric Moving Averages, 1959.
"""

import numpy as np

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.sensors.readings import (
    Numbers,
    deviations,
    read_readings,
    verdict,
)

MEMORY = 0.3
LIMIT = 2.449


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return judge


def judge(payload: Payload) -> Payload:
    """Map `{readings}` to score, anomaly and the channel that stands out most."""
    errors = surprises(read_readings(payload))
    distances = np.abs(errors[-1]) / deviations(errors[:-1])
    channel = int(distances.argmax())
    return verdict(float(distances[channel]), LIMIT, channel)


def surprises(readings: Numbers) -> Numbers:
    """Return each reading but the first minus the moving average before it."""
    average = readings[0].copy()
    errors = np.empty((len(readings) - 1, readings.shape[1]))
    for place, reading in enumerate(readings[1:]):
        errors[place] = reading - average
        average += MEMORY * errors[place]
    return errors
