"""The trained weights of a classifier, as plain arrays and never a pickle."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.support.corpus import SUPPORT_DATA


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear model: one row of `coefficients` and one bias a label.

    `threshold` is the probability from which on a result counts; which result that
    is, the model that uses the weights says.
    """

    labels: tuple[str, ...]
    coefficients: NDArray[np.float32]
    biases: NDArray[np.float32]
    threshold: float

    def probabilities(self, features: NDArray[np.float32]) -> dict[str, float]:
        """Return the probability of each label for one row of features."""
        scores = (self.coefficients @ features + self.biases).astype(np.float64)
        powers = np.exp(scores - scores.max())
        shares = powers / powers.sum()
        pairs = zip(self.labels, shares, strict=True)
        return {label: round(float(share), 4) for label, share in pairs}


def weights_path(task: str) -> Path:
    """Return the file with the arrays of a task; its card stands beside it."""
    return SUPPORT_DATA / f"{task}_weights.npz"


def sha256_of_weights(task: str) -> str:
    """Return the digest of the file that holds the arrays."""
    return hashlib.sha256(weights_path(task).read_bytes()).hexdigest()


def read_weights(task: str) -> Weights:
    """Read the weights that the training command wrote for a task.

    Raises:
        ValueError: the arrays are not those that the card beside them describes.
    """
    path = weights_path(task)
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    if sha256_of_weights(task) != card["sha256"]:
        msg = (
            f"{path.name} does not match the card beside it: train again, as"
            " docs/models.md says."
        )
        raise ValueError(msg)
    with np.load(path, allow_pickle=False) as arrays:
        return Weights(
            labels=tuple(card["labels"]),
            coefficients=arrays["coefficients"].astype(np.float32),
            biases=arrays["biases"].astype(np.float32),
            threshold=card["threshold"],
        )


def write_weights(task: str, weights: Weights) -> None:
    """Write arrays and card; half precision is enough and halves the file."""
    path = weights_path(task)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            coefficients=weights.coefficients.astype(np.float16),
            biases=weights.biases.astype(np.float32),
        )
    card = {
        "labels": weights.labels,
        "threshold": weights.threshold,
        "sha256": sha256_of_weights(task),
    }
    text = json.dumps(card, indent=2) + "\n"
    path.with_suffix(".json").write_text(text, encoding="utf-8")
