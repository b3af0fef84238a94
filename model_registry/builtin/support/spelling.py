"""Known English words, and the nearest one to a misspelt word."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from model_registry.builtin.support.corpus import SUPPORT_DATA, read_training

WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
ENGLISH = Path(__file__).parent.parent / "data" / "english"
FOREIGN = SUPPORT_DATA / "foreign_words.txt"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST_TO_MEND = 4
# No word is longer, and the tries grow with the square of the length.
LONGEST_TO_MEND = 30


@cache
def english_words() -> frozenset[str]:
    """Return the words that count as English."""
    return read_words("words.txt") | read_words("chat.txt")


def read_words(name: str) -> frozenset[str]:
    """Read one of the lists of English words."""
    return frozenset((ENGLISH / name).read_text(encoding="utf-8").split())


@cache
def foreign_words() -> frozenset[str]:
    """Return common words of other languages, some of them English words as well."""
    lines = FOREIGN.read_text(encoding="utf-8").splitlines()
    return frozenset(
        word for line in lines if line[:1] != "#" for word in line.split()[1:]
    )


@cache
def shop_words() -> Counter[str]:
    """Count the English words that the training messages use."""
    tokens = (
        word
        for text, _ in read_training("intent")
        for word in words_of(text)
        if word in english_words()
    )
    return Counter(tokens)


def words_of(text: str) -> list[str]:
    """List the words of a text in lower case, apostrophes straight."""
    return [match.lower().replace("’", "'") for match in WORDS.findall(text)]


def is_english(word: str) -> bool:
    """Tell whether a lower-case word is English, contractions included."""
    known = english_words()
    if word in known or word.replace("'", "") in known:
        return True
    stem, mark, ending = word.partition("'")
    return bool(mark) and stem in known and ending in {"s", "ll", "d", "ve", "re", "m"}


@cache
def _common_words() -> frozenset[str]:
    return frozenset(shop_words())


def mend(word: str) -> str | None:
    """Return the likeliest English word one slip away from a misspelt word.

    Words of the shop's trade go first. None when there is none, when the word is too
    short or too long to tell, or when it is a word of another language.
    """
    if not SHORTEST_TO_MEND <= len(word) <= LONGEST_TO_MEND:
        return None
    if not word.isascii() or word in foreign_words():
        return None
    near = set(_one_slip_away(word))
    trade = near & _common_words()
    if trade:
        return max(sorted(trade), key=shop_words().__getitem__)
    if len(word) <= SHORTEST_TO_MEND:
        return None
    return min(near & english_words(), default=None)


def _one_slip_away(word: str) -> Iterator[str]:
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def mend_text(text: str) -> str:
    """Return the text with misspelt words mended, everything else as it was."""
    return WORDS.sub(_mend_match, text)


def _mend_match(match: re.Match[str]) -> str:
    word = match.group().lower()
    if is_english(word):
        return match.group()
    mended = mend(word)
    is_name = match.group()[0].isupper() and mended not in _common_words()
    return match.group() if is_name else mended or match.group()
