"""The trained weights of the intent classifier, as plain arrays and never a pickle."""

import hashlib
import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.support.corpus import SUPPORT_DATA

WEIGHTS = SUPPORT_DATA / "intent_weights.npz"
CARD = SUPPORT_DATA / "intent_weights.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear model: one row of `coefficients` and one bias an intent."""

    intents: tuple[str, ...]
    coefficients: NDArray[np.float32]
    biases: NDArray[np.float32]
    min_confidence: float

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of each intent for one row of features."""
        scores = (self.coefficients @ features + self.biases).astype(np.float64)
        powers = np.exp(scores - scores.max())
        result: NDArray[np.float64] = powers / powers.sum()
        return result


def sha256_of_weights() -> str:
    """Return the digest of the file that holds the arrays."""
    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


def read_weights() -> Weights:
    """Read the weights that the training command wrote.

    Raises:
        ValueError: the arrays are not those that the card beside them describes.
    """
    card = json.loads(CARD.read_text(encoding="utf-8"))
    if sha256_of_weights() != card["sha256"]:
        msg = (
            f"{WEIGHTS.name} does not match {CARD.name}: train again with"
            " 'python -m model_registry.builtin.support.train'."
        )
        raise ValueError(msg)
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return Weights(
            intents=tuple(card["intents"]),
            coefficients=arrays["coefficients"].astype(np.float32),
            biases=arrays["biases"].astype(np.float32),
            min_confidence=card["min_confidence"],
        )


def write_weights(weights: Weights) -> None:
    """Write arrays and card; half precision is enough and halves the file."""
    with WEIGHTS.open("wb") as file:
        np.savez_compressed(
            file,
            coefficients=weights.coefficients.astype(np.float16),
            biases=weights.biases.astype(np.float32),
        )
    card = {
        "intents": weights.intents,
        "min_confidence": weights.min_confidence,
        "sha256": sha256_of_weights(),
    }
    CARD.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
