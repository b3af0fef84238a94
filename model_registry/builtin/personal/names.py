"""personal-data-names: checked shapes, and names of people where words announce them."""

import re
from collections.abc import Iterator

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.personal.checked import checked_in
from model_registry.builtin.personal.patterns import shaped
from model_registry.builtin.spans import Span, without_overlaps
from model_registry.builtin.support.spelling import english_words

WORD = r"(?:[A-ZÀ-Þ]['’])?[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?"
NAME = rf"(?P<name>(?:[A-Z]\. ?)?{WORD}(?: {WORD}){{0,2}})"
SURE = (
    re.compile(rf"\b(?i:my name is|my name's|name on \w+ is) {NAME}"),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? {NAME}"),
    re.compile(
        rf"(?i:\b(?:regards|wishes|thanks|cheers|sincerely|yours))[,.]?\s+{NAME}"
        r"(?=\s*(?:$|\n|\S+@))"
    ),
)
DOUBTFUL = (
    re.compile(rf"\b(?i:i am|i'm|this is|here is|ask for|call me) {NAME}"),
    re.compile(rf"\b{NAME} (?:here\b|speaking\b)"),
    re.compile(rf"(?<=[a-z,] )(?P<name>{WORD} {WORD})\b"),
)


def load(settings: Settings) -> Model:
    """Return the model; it has no settings, and reads the English words once."""
    del settings
    english_words()
    return detect


def detect(payload: Payload) -> Payload:
    """Map `{text}` to found and items."""
    text = read_text(payload, "text")
    return shaped(text, without_overlaps([*checked_in(text), *names_in(text)]))


def names_in(text: str) -> Iterator[Span]:
    """List names; where nothing is sure, one word must be no English word."""
    for pattern in SURE:
        for match in pattern.finditer(text):
            yield Span("name", match.start("name"), match.end("name"))
    for pattern in DOUBTFUL:
        for match in pattern.finditer(text):
            words = match["name"].lower().split()
            if not english_words().issuperset(words):
                yield Span("name", match.start("name"), match.end("name"))
