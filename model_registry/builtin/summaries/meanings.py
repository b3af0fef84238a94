"""summary-minilm: sentences that resemble many others in what they mean."""

import numpy as np

from model_registry.builtin.contract import Model, Settings
from model_registry.builtin.minilm import load_encoder
from model_registry.builtin.summaries.textrank import Numbers, TextRank

# Two sentences of one text are alike to that degree whatever they say.
ALIKE_ANYWAY = 0.15


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    encoder = load_encoder()

    def compare_meanings(sentences: list[str]) -> Numbers:
        vectors = encoder.encode(sentences)
        above = np.maximum(vectors @ vectors.T - ALIKE_ANYWAY, 0)
        return np.array(above, dtype=np.float64)

    return TextRank(compare_meanings)
