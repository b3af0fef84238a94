"""personal-data-checked: shapes whose check digits, length and surroundings fit too."""

import re
from collections.abc import Iterator

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.personal.patterns import shaped, shapes_in
from model_registry.builtin.spans import Span, without_overlaps
from model_registry.builtin.support.personal_data import (
    LONGEST_IBAN,
    SHORTEST_IBAN,
    has_luhn_sum,
    is_iban,
)

LEAST_PHONE_DIGITS = 9
SEEN = 60
OTHER_NUMBER = re.compile(
    r"\b(?:serial|tracking|article|parcel|isbn|invoice|order|reference|ref|model"
    r"|code|version|vat)\b[^.!?]{0,24}$",
    re.IGNORECASE,
)


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return detect


def detect(payload: Payload) -> Payload:
    """Map `{text}` to found and items."""
    text = read_text(payload, "text")
    return shaped(text, without_overlaps(checked_in(text)))


def checked_in(text: str) -> Iterator[Span]:
    """List the shapes that stand the check of their kind, the surest kind first."""
    for span in shapes_in(text):
        if span.kind == "iban":
            yield from _ibans(text, span)
        elif _fits(text, span):
            yield span


def _fits(text: str, span: Span) -> bool:
    found = text[span.start : span.end]
    if span.kind == "card":
        return has_luhn_sum(found)
    if span.kind == "phone":
        digits = sum(map(str.isdigit, found))
        named_otherwise = OTHER_NUMBER.search(
            text[max(0, span.start - SEEN) : span.start]
        )
        return digits >= LEAST_PHONE_DIGITS and not named_otherwise
    return True


def _ibans(text: str, span: Span) -> Iterator[Span]:
    """Cut off what was caught with an IBAN: letters of the word that follows it."""
    for end in range(span.end, span.start + SHORTEST_IBAN - 1, -1):
        compact = text[span.start : end].replace(" ", "")
        whole = text[end - 1 : end].isalnum() and not text[end : end + 1].isalnum()
        if SHORTEST_IBAN <= len(compact) <= LONGEST_IBAN and whole and is_iban(compact):
            yield Span("iban", span.start, end)
            return
