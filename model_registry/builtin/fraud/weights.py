"""The trained fraud models as arrays."""

from pathlib import Path

import numpy as np

from model_registry.builtin.arrays import Arrays
from model_registry.builtin.trees import Forest

FRAUD_DATA = Path(__file__).parent.parent / "data" / "fraud"
LOGISTIC = FRAUD_DATA / "logistic.npz"
BOOSTING = FRAUD_DATA / "boosting.npz"
ISOLATION = FRAUD_DATA / "isolation.npz"
TABLES = {"feature": np.int16, "threshold": np.float64, "left": np.int16}
TABLES |= {"right": np.int16, "value": np.float32}


def forest_from(arrays: Arrays) -> Forest:
    """Build the forest whose tables stand in the arrays."""
    return Forest(
        feature=arrays["feature"].astype(np.int64),
        threshold=arrays["threshold"].astype(np.float64),
        left=arrays["left"].astype(np.int64),
        right=arrays["right"].astype(np.int64),
        value=arrays["value"].astype(np.float64),
        depth=int(arrays["depth"]),
    )


def arrays_of(forest: Forest) -> Arrays:
    """Return the tables of a forest, as small as they can be."""
    tables: Arrays = {
        name: getattr(forest, name).astype(kind) for name, kind in TABLES.items()
    }
    return tables | {"depth": np.array(forest.depth)}
