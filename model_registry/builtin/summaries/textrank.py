"""summary-textrank: sentences that share words with many others.

Source: Mihalcea, Tarau, TextRank: Bringing Order into Texts, EMNLP 2004.
"""

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.summaries.sentences import read_question, shaped
from model_registry.builtin.support.claims import stems_of

Numbers = NDArray[np.float64]
DAMPING, ROUNDS = 0.85, 40


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return TextRank(compare_words)


class TextRank:
    """Ranks sentences by what `compare` says of each pair of them."""

    def __init__(self, compare: Callable[[list[str]], Numbers]) -> None:
        self._compare = compare

    def __call__(self, payload: Payload) -> Payload:
        """Map `{text, sentences}` to summary and sentences."""
        sentences, wanted = read_question(payload)
        if not sentences:
            return shaped([], [])
        likeness = self._compare(sentences)
        np.fill_diagonal(likeness, 0)
        best_first = np.argsort(-rank(likeness), kind="stable")
        return shaped(sentences, [int(place) for place in best_first[:wanted]])


def rank(likeness: Numbers) -> Numbers:
    """Return the weight of each row of a matrix of likenesses, by power iteration."""
    size = len(likeness)
    sums = likeness.sum(axis=1, keepdims=True)
    passes = np.where(sums > 0, likeness / np.where(sums > 0, sums, 1), 1 / size)
    weights = np.full(size, 1 / size)
    for _ in range(ROUNDS):
        weights = (1 - DAMPING) / size + DAMPING * (weights @ passes)
    return weights


def compare_words(sentences: list[str]) -> Numbers:
    """Return cosines of the sentences' stems, rare ones weighing more."""
    stems = [stems_of(sentence) for sentence in sentences]
    counts = Counter(stem for found in stems for stem in found)
    places = {stem: place for place, stem in enumerate(sorted(counts))}
    rows = np.zeros((len(sentences), max(1, len(places))))
    for row, found in zip(rows, stems, strict=True):
        for stem in found:
            row[places[stem]] = math.log(1 + len(sentences) / counts[stem])
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(norms > 0, norms, 1)
    return rows @ rows.T
