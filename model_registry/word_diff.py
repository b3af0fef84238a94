"""What differs between two texts, word by word. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Beyond this the comparison would take seconds; both texts then differ as a whole.
MOST_WORDS = 4000


class Part(NamedTuple):
    """A piece of text; `mark` is "same", "del" (the old one's) or "ins"."""

    mark: str
    text: str


def differing(old: str, new: str) -> list[Part]:
    """Both texts as one row of parts."""
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return [Part("del", old), Part("ins", new)]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        part
        for operation in matcher.get_opcodes()
        for part in _parts(operation, before, after)
    ]


def _parts(
    operation: tuple[str, int, int, int, int], before: list[str], after: list[str]
) -> Iterator[Part]:
    kind, old_from, old_to, new_from, new_to = operation
    old, new = "".join(before[old_from:old_to]), "".join(after[new_from:new_to])
    if kind == "equal":
        yield Part("same", old)
        return
    if old:
        yield Part("del", old)
    if new:
        yield Part("ins", new)
