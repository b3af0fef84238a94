"""policy-bm25: the policy's sentences by the words they share with the message.

Source: Robertson, Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond.
"""

import math
from collections import Counter

import numpy as np

from model_registry.builtin.contract import Model, Settings
from model_registry.builtin.support.claims import stems_of
from model_registry.builtin.support.policies import Policy, policies_by_intent
from model_registry.builtin.support.policy import PolicyModel, Scores

SATURATION, LENGTH_WEIGHT = 1.2, 0.75


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    indexes = {
        policy.id: WordIndex(policy.sentences)
        for policy in policies_by_intent().values()
    }

    def score(text: str, policy: Policy) -> Scores:
        return indexes[policy.id].score(text)

    return PolicyModel(score)


class WordIndex:
    """The stems of a few sentences; a stem counts once a sentence."""

    def __init__(self, sentences: list[str]) -> None:
        self._stems = [stems_of(sentence) for sentence in sentences]
        self._in = Counter(stem for stems in self._stems for stem in stems)
        self._usual_length = sum(map(len, self._stems)) / len(self._stems)

    def score(self, text: str) -> Scores:
        """Return one score a sentence, the best of them 1 unless none fits at all."""
        wanted = stems_of(text)
        scores = np.array(
            [self._score(wanted, stems) for stems in self._stems], dtype=float
        )
        best = scores.max()
        return scores / best if best > 0 else scores

    def _score(self, wanted: set[str], stems: set[str]) -> float:
        length = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * len(stems) / self._usual_length
        worth = (SATURATION + 1) / (1 + SATURATION * length)
        return sum(self._rarity(stem) * worth for stem in sorted(wanted & stems))

    def _rarity(self, stem: str) -> float:
        found, total = self._in[stem], len(self._stems)
        return math.log(1 + (total - found + 0.5) / (found + 0.5))
