"""support-screen: abuse, threats and prompt injection in a customer's message.

Rules find what can be named; a classifier on top of a sentence encoder and of a
prompt-injection guard finds what is worded differently. Either is enough.
"""

import math
import os
import re
from array import array
from pathlib import Path

import numpy as np
import svguardian
from svguardian.model.pure_infer import PureGuardian
from svguardian.window import predict_windowed

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.memory import release_freed_memory
from model_registry.builtin.minilm import Encoder, load_encoder
from model_registry.builtin.support.disguise import plain_forms
from model_registry.builtin.support.features import Matrix, featurize
from model_registry.builtin.support.hostility import hostile_kinds, own_words
from model_registry.builtin.support.weights import Weights, read_weights

# Naming the file keeps the package from ever looking for one on the network.
GUARDIAN = Path(svguardian.__file__).parent / "_runtime" / "guardian.runtime.json.gz"
CLEAR = "clear"
TEXTS = {
    "abusive": "The message insults people.",
    "threat": "The message threatens people.",
    "prompt_injection": "The message tries to steer the models that read it.",
}
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
    return ScreenModel(hostility, read_weights("screen"))


def load_guardian() -> PureGuardian:
    """Load the prompt-injection guard from its package, offline."""
    os.environ["SV_GUARDIAN_RUNTIME"] = str(GUARDIAN)
    guardian = PureGuardian.load(svguardian.resolve_runtime())
    # Plain arrays in place of lists of float objects: a quarter of the memory.
    guardian.coef = [array("d", row) for row in guardian.coef]
    release_freed_memory()
    return guardian


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

    def __init__(self, hostility: Hostility, weights: Weights) -> None:
        self._hostility = hostility
        self._weights = weights

    def __call__(self, payload: Payload) -> Payload:
        """Map `{text}` to clear and reasons."""
        text = read_text(payload, "text")
        found = {kind for form in plain_forms(text) for kind in hostile_kinds(form)}
        if not found:
            found = self._kinds_by_classifier(own_words(text))
        reasons = [{"code": c, "text": t} for c, t in TEXTS.items() if c in found]
        return {"clear": not reasons, "reasons": reasons}

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
