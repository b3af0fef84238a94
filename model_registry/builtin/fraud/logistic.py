"""fraud-logistic: logistic regression over the numbers of one payment."""

import math

from model_registry.builtin.arrays import read_arrays
from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.fraud.features import featurize
from model_registry.builtin.fraud.weights import LOGISTIC


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    arrays = read_arrays(LOGISTIC)
    coefficients, bias = arrays["coefficients"], float(arrays["bias"])
    threshold = float(arrays["threshold"])

    def score(payload: Payload) -> Payload:
        """Map a payment to risk and flagged."""
        odds = float(coefficients @ featurize(payload)) + bias
        risk = 1 / (1 + math.exp(-odds))
        return {"risk": round(risk, 6), "flagged": risk >= threshold}

    return score
