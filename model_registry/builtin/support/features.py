"""What the intent classifier looks at: a sentence vector and hashed letter groups.

The vector knows meanings; the letter groups know the trade's words, misspelt too.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.minilm import DIMENSIONS, Encoder
from model_registry.builtin.support.spelling import mend_text, words_of

Matrix = NDArray[np.float32]

BUCKETS = 8192
FEATURES = DIMENSIONS + BUCKETS
LETTER_GROUPS = (3, 4, 5)
LETTERS_WEIGHT = 0.6
MAX_CHARACTERS = 2000
ORDER_NUMBER = re.compile(r"\b[A-Za-z]{0,4}-?\d[\d.,-]*\b")


def featurize(text: str, encoder: Encoder) -> Matrix:
    """Return the row of features for one message; only its beginning counts."""
    mended = mend_text(text[:MAX_CHARACTERS])
    vector = encoder.encode([mended])[0]
    return np.concatenate([vector, LETTERS_WEIGHT * hash_letters(mended)])


def hash_letters(text: str) -> Matrix:
    """Count words, pairs of words and letter groups into buckets, length one."""
    counts = Counter(zlib.crc32(part.encode()) % BUCKETS for part in _parts(text))
    row = np.zeros(BUCKETS, dtype=np.float32)
    if counts:
        row[list(counts)] = 1 + np.log(np.array(list(counts.values())))
        row /= np.linalg.norm(row)
    return row


def _parts(text: str) -> Iterator[str]:
    words = words_of(ORDER_NUMBER.sub(" ", text))
    for first, second in zip(words, words[1:], strict=False):
        yield f"{first} {second}"
    for word in words:
        padded = f" {word} "
        yield padded
        for size in LETTER_GROUPS:
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]
