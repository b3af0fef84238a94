"""Tells English from everything else, for texts of one word as for long ones.

Language identifiers are right on sentences and guess on two words, so words decide:
a text is English when enough of its words are English ones. The identifier names
the language of what was refused, and has a say about long texts.
"""

import re
from dataclasses import dataclass
from functools import cache

from model_registry.builtin.langid import load_identifier
from model_registry.builtin.support import spelling

NOT_PROSE = re.compile(
    # Looked for from the beginning of a word only: elsewhere, a word as long as the
    # text would take seconds.
    r"(?<!\S)\S+@\S+|https?://\S+|www\.\S+|(?<!\S)\S*\d\S*"
)
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
PLAIN, MENDED, NEUTRAL = 1.0, 0.8, 0.3
FOREIGN, UNKNOWN, NAME = -2.0, -1.2, -0.25
ENOUGH_ENGLISH = 0.7
LONG_TEXT_WORDS = 8
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is written in: a code as `en` where one can be named."""

    is_english: bool
    code: str | None


@cache
def international_words() -> frozenset[str]:
    """Return English words that say little about the language of a text."""
    return spelling.read_words("international.txt")


class LanguageGate:
    """Decides on the language of messages."""

    def __init__(self) -> None:
        self._identifier = load_identifier()

    def detect(self, text: str) -> Language:
        """Tell whether a text is English, and which language it is in otherwise."""
        prose = NOT_PROSE.sub(" ", text)
        words = spelling.words_of(prose)
        share = english_share(prose)
        code, probability = self._identifier.classify(prose) if words else ("", 0.0)
        long = len(words) >= LONG_TEXT_WORDS
        doubted = long and code != "en" and probability >= SURE and share < SURE
        if share >= ENOUGH_ENGLISH and not doubted:
            return Language(is_english=True, code="en")
        named = long and code != "en" and probability >= SURE
        return Language(is_english=False, code=code if named else None)


def english_share(prose: str) -> float:
    """Return the weighted share of English among the words of a text, 0 to 1.

    It is 0 where a word belongs to another language, if only among others, and no
    word speaks plainly for English.
    """
    matches = list(spelling.WORDS.finditer(prose))
    words = [match.group().lower().replace("’", "'") for match in matches]
    weights = [
        _weight(word, is_name=_is_name(match))
        for word, match in zip(words, matches, strict=True)
    ]
    if PLAIN not in weights and spelling.foreign_words().intersection(words):
        return 0.0
    english = sum(weight for weight in weights if weight > 0)
    total = sum(map(abs, weights))
    return english / total if total else 0.0


def _is_name(match: re.Match[str]) -> bool:
    written = match.group()
    return match.start() > 0 and written[0].isupper() and not written.isupper()


def _weight(word: str, *, is_name: bool) -> float:
    """Say how strongly one word speaks for English (above 0) or against it."""
    is_foreign = word in spelling.foreign_words() or not LATIN.match(word)
    if spelling.is_english(word):
        return NEUTRAL if is_foreign or word in international_words() else PLAIN
    if is_foreign:
        return FOREIGN
    if spelling.mend(word):
        return MENDED
    return NAME if is_name or len(word) == 1 else UNKNOWN
