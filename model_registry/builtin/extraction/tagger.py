"""extract-tagger: a linear model that labels each word by its shape and neighbours."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model_registry.builtin.arrays import read_arrays
from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.extraction.patterns import shaped
from model_registry.builtin.spans import Span

WEIGHTS = Path(__file__).parent.parent / "data" / "extraction" / "tagger.npz"
NOTHING = "nothing"
LABELS = (NOTHING, "order_number", "date", "amount")
BUCKETS = 4096
REACH = 2
TOKEN = re.compile(r"\d+(?:[.,/-]\d+)*|[^\W\d_]+(?:-\d+)?|[^\w\s]")
EDGE = "<edge>"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark, where it stands in the text."""

    text: str
    start: int
    end: int


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    arrays = read_arrays(WEIGHTS)
    coefficients = arrays["coefficients"].astype(np.float32)
    biases = arrays["biases"].astype(np.float32)

    def extract(payload: Payload) -> Payload:
        """Map `{text}` to items."""
        text = read_text(payload, "text")
        tokens = tokens_of(text)
        rows = [buckets_of(tokens, place) for place in range(len(tokens))]
        scores = [coefficients[:, row].sum(axis=1) + biases for row in rows]
        labels = [LABELS[int(score.argmax())] for score in scores]
        return shaped(text, list(_spans(tokens, labels)))

    return extract


def tokens_of(text: str) -> list[Token]:
    """Cut a text into tokens."""
    return [
        Token(match.group(), match.start(), match.end())
        for match in TOKEN.finditer(text)
    ]


def buckets_of(tokens: list[Token], place: int) -> NDArray[np.int64]:
    """Return the buckets of the features of one token, each once."""
    names = {zlib.crc32(name.encode()) % BUCKETS for name in _features(tokens, place)}
    return np.array(sorted(names), dtype=np.int64)


def _features(tokens: list[Token], place: int) -> Iterator[str]:
    near = {
        step: _at(tokens, place + step).lower() for step in range(-REACH, REACH + 1)
    }
    for step, word in near.items():
        yield f"word {step} {word}"
        yield f"shape {step} {_shape(word)}"
    for step, following in pairwise(near):
        yield f"pair {step} {_shape(near[step])} {_shape(near[following])}"
    yield f"said {near[-1]} {_shape(near[0])}"
    yield f"start {near[0][:3]}"


def _at(tokens: list[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else EDGE


def _shape(word: str) -> str:
    """Write digits as 9, and words of letters alone as themselves when short."""
    if any(letter.isdigit() for letter in word):
        return re.sub(r"[a-z]", "x", re.sub(r"\d", "9", word))
    return word if len(word) <= 1 or word == EDGE else "word"


def _spans(tokens: list[Token], labels: list[str]) -> Iterator[Span]:
    """Join neighbours of the same label; a mark at the end is not part of it."""
    pairs = zip(tokens, labels, strict=True)
    for label, group in groupby(pairs, key=lambda pair: pair[1]):
        run = [token for token, _ in group]
        while run and run[-1].text in ".,;:!?()":
            run.pop()
        if label != NOTHING and run:
            yield Span(label, run[0].start, run[-1].end)
