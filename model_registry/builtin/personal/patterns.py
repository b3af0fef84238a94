"""personal-data-patterns: whatever has the shape of personal data, right or wrong."""

import re
from collections.abc import Iterator

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.spans import Span, without_overlaps
from model_registry.builtin.support.personal_data import CARD, EMAIL, IBAN

PHONE = re.compile(r"(?<![\w.-])\(?(?:\+|00|0)\d(?:[ ()/.-]{0,2}\d){6,13}(?!\w)")
SHAPES = (("email", EMAIL), ("iban", IBAN), ("card", CARD), ("phone", PHONE))


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return detect


def detect(payload: Payload) -> Payload:
    """Map `{text}` to found and items."""
    text = read_text(payload, "text")
    return shaped(text, without_overlaps(shapes_in(text)))


def shapes_in(text: str) -> Iterator[Span]:
    """List what has a shape, the surest kind first."""
    for kind, shape in SHAPES:
        for match in shape.finditer(text):
            yield Span(kind, match.start(), match.end())


def shaped(text: str, spans: list[Span]) -> Payload:
    """Shape the answer."""
    return {"found": bool(spans), "items": [span.as_item(text) for span in spans]}
