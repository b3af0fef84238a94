"""support-screen: abuse, threats and prompt injection in a customer's message.

Rules find what can be named; a classifier on top of a sentence encoder and of a
prompt-injection guard finds what is worded differently. Either is enough. The classifier
knows English only, and takes half of what is written in another language for hostile: of
that, the rules decide alone.
"""

import math
import re

import numpy as np
from svguardian.model.pure_infer import PureGuardian
from svguardian.window import predict_windowed

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.minilm import Encoder, load_encoder
from model_registry.builtin.moderation.guardian import load_guardian
from model_registry.builtin.moderation.reasons import shaped
from model_registry.builtin.support.disguise import plain_forms
from model_registry.builtin.support.features import Matrix, featurize
from model_registry.builtin.support.hostility import hostile_kinds, own_words
from model_registry.builtin.support.language import LanguageGate
from model_registry.builtin.support.weights import Weights, read_weights

CLEAR = "clear"
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")
SHORTEST_PART_WORDS = 3
MOST_PARTS = 24
# A sentence on its own lacks its context: it has to be more hostile than the whole.
PART_THRESHOLD = 0.6
GUARD_WEIGHT = 0.25
GUARD_FLOOR = 0.01


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    hostility = Hostility(load_encoder(), load_guardian())
    return ScreenModel(hostility, read_weights("screen"), LanguageGate())


class Hostility:
    """What the screen's classifier looks at."""

    def __init__(self, encoder: Encoder, guardian: PureGuardian) -> None:
        self._encoder = encoder
        self._guardian = guardian

    def featurize(self, text: str) -> Matrix:
        """Return the row of features for one text, the guard's opinion last."""
        score = predict_windowed(self._guardian, text)["malicious_score"]
        odds = math.log((score + GUARD_FLOOR) / (1 + GUARD_FLOOR - score))
        row = featurize(text, self._encoder)
        return np.append(row, np.float32(GUARD_WEIGHT * odds))


class ScreenModel:
    """Screens one message at a time."""

    def __init__(
        self, hostility: Hostility, weights: Weights, gate: LanguageGate
    ) -> None:
        self._hostility = hostility
        self._weights = weights
        self._gate = gate

    def __call__(self, payload: Payload) -> Payload:
        """Map `{text}` to clear and reasons."""
        text = read_text(payload, "text")
        found = {kind for form in plain_forms(text) for kind in hostile_kinds(form)}
        if not found and self._gate.detect(text).is_english:
            found = self._kinds_by_classifier(own_words(text))
        return shaped(found)

    def _kinds_by_classifier(self, text: str) -> set[str]:
        whole = self._kind(text, self._weights.threshold)
        parts = [
            part
            for part in SENTENCE_END.split(text)
            if len(part.split()) >= SHORTEST_PART_WORDS
        ][:MOST_PARTS]
        kinds = {self._kind(part, PART_THRESHOLD) for part in parts[1:] and parts}
        return (kinds | {whole}) - {CLEAR}

    def _kind(self, text: str, threshold: float) -> str:
        chances = self._weights.probabilities(self._hostility.featurize(text))
        if 1 - chances.pop(CLEAR) < threshold:
            return CLEAR
        return max(chances, key=chances.__getitem__)
