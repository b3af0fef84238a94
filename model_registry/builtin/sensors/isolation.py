"""anomaly-isolation: an isolation forest, grown anew on the window it is shown.

It looks at values, at surprises, at how much each channel shakes and for how long it
has repeated itself, and at all channels together.
"""

import numpy as np

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.sensors.ewma import surprises
from model_registry.builtin.sensors.readings import (
    LEAST_DEVIATION,
    Numbers,
    deviations,
    read_readings,
    verdict,
)
from model_registry.builtin.trees import IsolationForest

TREES, SAMPLE, SEED = 40, 64, 11
SHAKING_READINGS = 6
# A channel that hardly ever changes repeats itself for good; longer is no odder.
MOST_REPEATED = 6
LIMIT = 0.550


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return judge


def judge(payload: Payload) -> Payload:
    """Map `{readings}` to score and anomaly; the channel cannot be named."""
    rows = featurize(read_readings(payload))
    forest = IsolationForest(rows[:-1], trees=TREES, sample=SAMPLE, seed=SEED)
    return verdict(forest.score(rows[-1]), LIMIT)


def featurize(readings: Numbers) -> Numbers:
    """Return a row of features for each reading but the first."""
    errors = surprises(readings) / deviations(surprises(readings))
    centred = (readings[1:] - np.median(readings, axis=0)) / deviations(readings)
    return np.hstack([centred, errors, _shaking(errors), _repeated(readings)])


def _shaking(errors: Numbers) -> Numbers:
    starts = np.maximum(0, np.arange(len(errors)) + 1 - SHAKING_READINGS)
    parts = [errors[start : end + 1] for end, start in enumerate(starts)]
    spread = np.array([np.sqrt((part**2).mean(axis=0)) for part in parts])
    return np.log(spread + LEAST_DEVIATION)


def _repeated(readings: Numbers) -> Numbers:
    lengths = np.zeros((len(readings), readings.shape[1]))
    for place in range(1, len(readings)):
        same = readings[place] == readings[place - 1]
        lengths[place] = np.where(same, lengths[place - 1] + 1, 0)
    return np.log1p(np.minimum(lengths[1:], MOST_REPEATED))
