"""intent-words: words and pairs of words alone; cheap, and blind to misspelt ones."""

import zlib
from collections import Counter

import numpy as np

from model_registry.builtin.contract import Model, Settings
from model_registry.builtin.support.features import MAX_CHARACTERS, Matrix
from model_registry.builtin.support.intent import IntentModel
from model_registry.builtin.support.language import (
    ENOUGH_ENGLISH,
    NOT_PROSE,
    Language,
    english_share,
)
from model_registry.builtin.support.spelling import words_of
from model_registry.builtin.support.weights import read_weights

TASK = "intent_words"
BUCKETS = 4096


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return IntentModel(hash_words, read_weights(TASK), detect_english)


def hash_words(text: str) -> Matrix:
    """Count words and pairs of them into buckets, length one."""
    words = words_of(text[:MAX_CHARACTERS])
    parts = words + [f"{a} {b}" for a, b in zip(words, words[1:], strict=False)]
    counts = Counter(zlib.crc32(part.encode()) % BUCKETS for part in parts)
    row = np.zeros(BUCKETS, dtype=np.float32)
    if counts:
        row[list(counts)] = 1 + np.log(np.array(list(counts.values())))
        row /= np.linalg.norm(row)
    return row


def detect_english(text: str) -> Language:
    """Tell English from the rest by its words alone; never names another language."""
    is_english = english_share(NOT_PROSE.sub(" ", text)) >= ENOUGH_ENGLISH
    return Language(is_english=is_english, code="en" if is_english else None)
