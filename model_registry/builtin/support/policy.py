"""support-policy: the policy for an intent and its sentences nearest to the message."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.minilm import Encoder, Vectors, load_encoder
from model_registry.builtin.support.features import MAX_CHARACTERS, hash_letters
from model_registry.builtin.support.policies import Policy, policies_by_intent
from model_registry.builtin.support.spelling import mend_text

Scores = NDArray[np.floating[Any]]
Scorer = Callable[[str, Policy], Scores]
MOST_PASSAGES = 3
LETTERS_WEIGHT = 0.5
FALL_OFF = 0.25
# A page opens with its most important sentences: they win where a message says little.
OPENING_SENTENCES = 2
OPENING_BONUS = 0.1


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    encoder = load_encoder()
    return PolicyModel(Likeness(lambda text: _vector(text, encoder)))


class PolicyModel:
    """Finds passages by the scores, about 0 to 1, that `score` gives a policy's."""

    def __init__(self, score: Scorer) -> None:
        self._score = score

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
        scores = self._score(text, policy)
        scores[:OPENING_SENTENCES] += OPENING_BONUS
        best_first = np.argsort(-scores, kind="stable")[:MOST_PASSAGES]
        least = scores[best_first[0]] * (1 - FALL_OFF)
        return [policy.sentences[i] for i in best_first if scores[i] >= least]


class Likeness:
    """Scores by cosine; a policy's vectors are made when it is first asked for."""

    def __init__(self, vectorize: Callable[[str], Vectors]) -> None:
        self._vectorize = vectorize
        self._vectors: dict[str, Vectors] = {}

    def __call__(self, text: str, policy: Policy) -> Scores:
        """Return one score a sentence of the policy."""
        if policy.id not in self._vectors:
            rows = [self._vectorize(sentence) for sentence in policy.sentences]
            self._vectors[policy.id] = np.stack(rows)
        likeness: Scores = self._vectors[policy.id] @ self._vectorize(text)
        return likeness


def _vector(text: str, encoder: Encoder) -> Vectors:
    mended = mend_text(text[:MAX_CHARACTERS])
    meaning = encoder.encode([mended])[0]
    return np.concatenate([meaning, LETTERS_WEIGHT * hash_letters(mended)])
