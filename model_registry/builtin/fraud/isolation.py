"""fraud-isolation: an isolation forest, which never saw a label."""

from model_registry.builtin.arrays import read_arrays
from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.fraud.features import featurize
from model_registry.builtin.fraud.weights import ISOLATION, forest_from


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    arrays = read_arrays(ISOLATION)
    forest, usual_path = forest_from(arrays), float(arrays["usual_path"])
    cut = float(arrays["cut"])

    def score(payload: Payload) -> Payload:
        """Map a payment to risk and flagged."""
        path = float(forest.values(featurize(payload)).mean())
        risk = 2.0 ** (-path / usual_path)
        return {"risk": round(risk, 6), "flagged": risk >= cut}

    return score
