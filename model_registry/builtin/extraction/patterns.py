"""extract-patterns: order numbers, dates and amounts by the ways in which they are written."""

import re
from collections.abc import Iterator

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.extraction.values import (
    amount_value,
    date_value,
    order_value,
)
from model_registry.builtin.spans import Span, without_overlaps

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
NUMBER = r"\d{1,3}(?:[.,]?\d{3})*(?:[.,]\d{1,2})?"
DATE = re.compile(
    rf"\b{WEEKDAY}(?:the )?{DAY}(?: of)? {MONTH}\b(?:,? \d{{4}})?"
    rf"|\b{WEEKDAY}{MONTH} {DAY}\b(?:,? \d{{4}})?"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}([/.])\d{1,2}\1(?:\d{4}|\d\d)\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    rf"(?:[£€$]|\b(?:GBP|EUR|USD)) ?{NUMBER}"
    rf"|(?<![\d.,]){NUMBER} ?(?:[£€$]|(?:pounds?|euros?|quid|dollars?|GBP|EUR|USD)\b)",
    re.IGNORECASE,
)
ORDER = re.compile(
    r"\b(?P<shop>FF-\d{4,6})\b"
    r"|\borders?(?: (?:id|no|nr|number|has number))?[.:]?\s*[#(]?(?P<said>\d{4,6})\b"
    r"|#(?P<hash>\d{4,6})\b",
    re.IGNORECASE,
)
VALUES = {"order_number": order_value, "date": date_value, "amount": amount_value}


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return extract


def extract(payload: Payload) -> Payload:
    """Map `{text}` to items."""
    text = read_text(payload, "text")
    return shaped(text, without_overlaps(_matches(text)))


def shaped(text: str, spans: list[Span]) -> Payload:
    """Shape the answer; what means nothing, as 30 February, is left out."""
    found = ((span, VALUES[span.kind](text[span.start : span.end])) for span in spans)
    return {
        "items": [
            span.as_item(text) | {"value": value} for span, value in found if value
        ]
    }


def _matches(text: str) -> Iterator[Span]:
    for match in AMOUNT.finditer(text):
        yield Span("amount", match.start(), match.end())
    for match in DATE.finditer(text):
        yield Span("date", match.start(), match.end())
    for match in ORDER.finditer(text):
        group = match.lastgroup or "shop"
        yield Span("order_number", match.start(group), match.end(group))
