"""Tells English from everything else, for texts of one word as for long ones.

Language identifiers are right on sentences and guess on two words, so words decide:
a text is English when enough of its words are English ones. The identifier names
the language of what was refused, and has a say about long texts.
"""

import re
from dataclasses import dataclass

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from model_registry.builtin.support import spelling

# International words: like those that are common in English and elsewhere, they say
# little about the language.
INTERNATIONAL = frozenset(
    "a i ok okay problem service code post place banner mode note client order email"
    " mail online website app pin sms hello hi hey login password stop normal national"
    " support account stress bonus super extra info total minus plus was so an me he"
    " to as we have over fin rue rat rot bad wand list hut boot art mist hat war".split()
)
NOT_PROSE = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\S*\d\S*")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
FOREIGN_WEIGHT = 1.5
MENDED_WEIGHT = 0.8
NEUTRAL_WEIGHT = 0.4
ENOUGH_ENGLISH = 0.65
LONG_TEXT_WORDS = 8
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is written in: a code as `en` where one can be named."""

    is_english: bool
    code: str | None


class LanguageGate:
    """Decides on the language of messages."""

    def __init__(self) -> None:
        self._identifier = LanguageIdentifier.from_model_file(
            MODEL_FILE, norm_probs=True
        )

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
    """Return the weighted share of English among the words of a text, 0 to 1."""
    english = other = 0.0
    for match in spelling.WORDS.finditer(prose):
        weight = _weight(match.group(), starts=match.start() == 0)
        english += max(weight, 0.0)
        other += max(-weight, 0.0)
    return english / (english + other) if english else 0.0


def _weight(written: str, *, starts: bool) -> float:
    """Say how strongly one word speaks for English (above 0) or against it."""
    word = written.lower().replace("’", "'")  # noqa: RUF001
    is_foreign = word in spelling.foreign_words() or not LATIN.match(word)
    if spelling.is_english(word):
        return NEUTRAL_WEIGHT if is_foreign or word in INTERNATIONAL else 1.0
    if is_foreign:
        return -FOREIGN_WEIGHT
    if spelling.mend(word):
        return MENDED_WEIGHT
    is_name = written[:1].isupper() and not written.isupper() and not starts
    return -0.25 if is_name or len(word) == 1 else -1.0
