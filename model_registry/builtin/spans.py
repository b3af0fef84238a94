"""Pieces of a text that a model found: which kind, and where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text; `end` is the place after its last character."""

    kind: str
    start: int
    end: int

    def as_item(self, text: str) -> dict[str, Any]:
        """Return the piece as it stands in a model's answer."""
        return {
            "kind": self.kind,
            "text": text[self.start : self.end],
            "start": self.start,
            "end": self.end,
        }


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep, of spans that share a character, the one that comes first; then sort."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
