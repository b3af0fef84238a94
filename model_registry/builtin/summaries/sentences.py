"""What the summarising models have in common: sentences, and shaping the answer."""

import re
from collections.abc import Collection

from model_registry.builtin.contract import Payload, read_text

SENTENCE_END = re.compile(
    r"(?<!\bMr\.)(?<!\bDr\.)(?<!\bNo\.)(?<!\bMrs\.)(?<!\be\.g\.)(?<!\bi\.e\.)"
    r"(?:(?<=[.!?])|(?<=[.!?][\"”’)]))\s+(?=[\"“‘(A-Z0-9])|\n\s*\n|\n(?=\s*[-*•])"
)
# Beyond these a text is not read: every sentence is compared with every other.
MOST_SENTENCES = 200


def sentences_of(text: str) -> list[str]:
    """List the sentences of a text verbatim, but for line breaks inside them."""
    parts = (re.sub(r"\s+", " ", part).strip() for part in SENTENCE_END.split(text))
    return [part for part in parts if re.search(r"\w", part)][:MOST_SENTENCES]


def read_question(payload: Payload) -> tuple[list[str], int]:
    """Return the sentences of `text`, and how many of them are wanted."""
    return sentences_of(read_text(payload, "text")), payload["sentences"]


def shaped(sentences: list[str], chosen: Collection[int]) -> Payload:
    """Shape the answer: the chosen sentences in the order of the text."""
    kept = [sentences[place] for place in sorted(chosen)]
    return {"summary": " ".join(kept), "sentences": kept}
