"""Print the limits of the sensor models: `python -m model_registry.builtin.sensors.tune`.

A limit is what one in twenty faultless windows of the tuning days exceeds.
"""

import sys

import numpy as np

from model_registry.builtin.sensors import ewma, isolation, zscore
from model_registry.builtin.sensors.simulator import tuning_windows

FALSE_ALARMS = 0.05


def main() -> None:
    """Print a line a model."""
    faultless = [window for window in tuning_windows() if not window.fault]
    for model in (zscore, ewma, isolation):
        scores = [
            model.judge({"readings": window.readings})["score"] for window in faultless
        ]
        score = float(np.quantile(scores, 1 - FALSE_ALARMS))
        limit = model.LIMIT * score / (1 - score)
        sys.stdout.write(f"{model.__name__}.LIMIT = {limit:.3f}\n")


if __name__ == "__main__":
    main()
