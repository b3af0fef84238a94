"""fraud-boosting: gradient boosted trees, which see combinations of numbers."""

import math

from model_registry.builtin.arrays import read_arrays
from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.fraud.features import featurize
from model_registry.builtin.fraud.weights import BOOSTING, forest_from


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    arrays = read_arrays(BOOSTING)
    forest, bias = forest_from(arrays), float(arrays["bias"])
    cut = float(arrays["cut"])

    def score(payload: Payload) -> Payload:
        """Map a payment to risk and flagged."""
        odds = float(forest.values(featurize(payload)).sum()) + bias
        risk = 1 / (1 + math.exp(-odds))
        return {"risk": round(risk, 6), "flagged": risk >= cut}

    return score
