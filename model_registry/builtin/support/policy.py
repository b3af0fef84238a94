"""support-policy: the policy for an intent and its sentences nearest to the message."""

import numpy as np

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.minilm import Encoder, Vectors, load_encoder
from model_registry.builtin.support.features import MAX_CHARACTERS, hash_letters
from model_registry.builtin.support.policies import Policy, policies_by_intent
from model_registry.builtin.support.spelling import mend_text

MOST_PASSAGES = 3
LETTERS_WEIGHT = 0.5
FALL_OFF = 0.25
# A page opens with its most important sentences: they win where a message says little.
OPENING_SENTENCES = 2
OPENING_BONUS = 0.1


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return PolicyModel(load_encoder())


class PolicyModel:
    """Finds passages; a policy's vectors are made when it is first asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}

    def __call__(self, payload: Payload) -> Payload:
        """Map `{text, intent}` to policy, title, passages (best first) and source."""
        text = read_text(payload, "text")
        policy = policies_by_intent().get(payload.get("intent") or "")
        if policy is None:
            return {"policy": None, "title": "", "passages": [], "source": ""}
        return {
            "policy": policy.id,
            "title": policy.title,
            "passages": self._passages(text, policy),
            "source": policy.source,
        }

    def _passages(self, text: str, policy: Policy) -> list[str]:
        scores = self._vectors_of(policy) @ self._vector(text)
        scores[:OPENING_SENTENCES] += OPENING_BONUS
        best_first = np.argsort(-scores, kind="stable")[:MOST_PASSAGES]
        least = scores[best_first[0]] * (1 - FALL_OFF)
        return [policy.sentences[i] for i in best_first if scores[i] >= least]

    def _vectors_of(self, policy: Policy) -> Vectors:
        if policy.id not in self._vectors:
            rows = [self._vector(sentence) for sentence in policy.sentences]
            self._vectors[policy.id] = np.stack(rows)
        return self._vectors[policy.id]

    def _vector(self, text: str) -> Vectors:
        mended = mend_text(text[:MAX_CHARACTERS])
        meaning = self._encoder.encode([mended])[0]
        return np.concatenate([meaning, LETTERS_WEIGHT * hash_letters(mended)])
