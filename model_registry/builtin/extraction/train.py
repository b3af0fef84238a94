"""Train the tagger: `python -m model_registry.builtin.extraction.train`.

Needs scikit-learn, which the model itself does not. Learns from sentences written for it,
filled from a seed, and from messages without any digit.
"""

import re
import sys
from collections.abc import Callable, Iterator
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import lil_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from model_registry.builtin.arrays import write_arrays
from model_registry.builtin.extraction.tagger import (
    BUCKETS,
    LABELS,
    NOTHING,
    WEIGHTS,
    buckets_of,
    tokens_of,
)
from model_registry.builtin.marked import MarkedText, parse_marked, read_lines
from model_registry.builtin.support.corpus import read_training

SEED, FILLINGS, STRENGTH = 20267, 24, 10.0
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MARKS = {"order": "order_number", "date": "date", "amount": "amount"}


def main() -> None:
    """Train, report on cross-validation and write the weights."""
    pairs = [pair for text in training_texts() for pair in labelled_tokens(text)]
    rows = lil_matrix((len(pairs), BUCKETS), dtype=np.float32)
    for row, (buckets, _) in enumerate(pairs):
        rows[row, buckets] = 1
    labels = np.array([LABELS.index(label) for _, label in pairs])
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    right = cross_val_score(model, rows.tocsr(), labels, cv=5)
    sys.stdout.write(f"{len(pairs)} tokens, right {right.mean():.4f}\n")
    model.fit(rows.tocsr(), labels)
    arrays = {
        "coefficients": model.coef_.astype(np.float16),
        "biases": model.intercept_.astype(np.float32),
    }
    write_arrays(WEIGHTS, arrays)


def training_texts() -> Iterator[MarkedText]:
    """List the filled sentences, then the messages in which there is nothing."""
    random = Random(SEED)  # noqa: S311 - must be repeatable
    for sentence in read_lines("extraction", "training.txt"):
        for _ in range(FILLINGS if "{" in sentence else 1):
            filled = re.sub(r"\{(\w+)\}", lambda slot: _fill(slot[1], random), sentence)
            yield parse_marked(filled)
    for text, _ in read_training("intent"):
        if not re.search(r"\d|£|€|\$", text):
            yield MarkedText(text, ())


def labelled_tokens(text: MarkedText) -> Iterator[tuple[NDArray[np.int64], str]]:
    """List the features and the label of each token."""
    tokens = tokens_of(text.text)
    for place, token in enumerate(tokens):
        kinds = (k for k, start, end in text.items if start <= token.start < end)
        yield buckets_of(tokens, place), next(kinds, NOTHING)


def _fill(slot: str, random: Random) -> str:
    filled = SLOTS[slot](random)
    return f"[{MARKS[slot]}:{filled}]" if slot in MARKS else filled


def _order(random: Random) -> str:
    number = random.randrange(1000, 99999)
    return random.choice((f"{number:05}", f"FF-{number:05}", f"FF-{number:05}"))


def _date(random: Random) -> str:
    day, month = random.randint(1, 28), random.randint(1, 12)
    year, name = random.randint(2023, 2026), random.choice((MONTHS[month - 1],))
    ending = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return random.choice(
        (
            f"{day} {name} {year}",
            f"{day} {name}",
            f"{day} {name[:3]}",
            f"the {day}{ending} of {name}",
            f"{day}{ending} {name}",
            f"{name} {day}{ending}, {year}",
            f"{name} {day}, {year}",
            f"{day:02}/{month:02}/{year}",
            f"{day:02}/{month:02}/{year % 100}",
            f"{day}.{month}.{year}",
            f"{year}-{month:02}-{day:02}",
        )
    )


def _amount(random: Random) -> str:
    whole, cents = random.randint(2, 1900), random.randint(0, 99)
    return random.choice(
        (
            f"£{whole}.{cents:02}",
            f"£{whole}",
            f"£{whole:,}",
            f"€{whole}.{cents:02}",
            f"${whole}",
            f"{whole} pounds",
            f"{whole}.{cents:02} pounds",
            f"{whole} euros",
            f"{whole},{cents:02} EUR",
            f"EUR {whole},{cents:02}",
            f"{whole},{cents:02} €",
            f"{whole} quid",
            f"GBP {whole}.{cents:02}",
            f"USD {whole}",
        )
    )


SLOTS: dict[str, Callable[[Random], str]] = {
    "order": _order,
    "date": _date,
    "amount": _amount,
    "phone": lambda random: f"07700 900{random.randint(100, 999)}",
    "number": lambda random: str(random.randint(1, 99)),
    "code": lambda random: str(random.randint(100000, 999999)),
    "size": lambda random: f"{random.randint(20, 200)} x {random.randint(20, 90)} cm",
}


if __name__ == "__main__":
    main()
