"""The trained fraud models, as plain arrays and never a pickle."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.trees import Forest

FRAUD_DATA = Path(__file__).parent.parent / "data" / "fraud"
Arrays = dict[str, NDArray[np.generic]]
TABLES = {"feature": np.int16, "threshold": np.float64, "left": np.int16}
TABLES |= {"right": np.int16, "value": np.float32}


def read_arrays(name: str) -> Arrays:
    """Read the arrays that the training command wrote for a model."""
    with np.load(FRAUD_DATA / f"{name}.npz", allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


def write_arrays(name: str, arrays: Arrays) -> None:
    """Write the arrays of a model."""
    np.savez_compressed(FRAUD_DATA / f"{name}.npz", **arrays)  # type: ignore[arg-type]


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
