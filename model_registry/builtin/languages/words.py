"""language-words: the language that most words of a text are known to belong to."""

from collections import defaultdict
from functools import cache

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.support.spelling import FOREIGN, english_words, words_of

ENGLISH = "en"
# An English word says less: many are words of other languages as well.
ENGLISH_WEIGHT = 0.6


def load(settings: Settings) -> Model:
    """Return the model; it has no settings, and reads the lists of words once."""
    del settings
    languages_of_words()
    english_words()
    return identify


def identify(payload: Payload) -> Payload:
    """Map `{text}` to language and confidence."""
    return shaped(*identify_by_words(read_text(payload, "text")))


def identify_by_words(text: str) -> tuple[str | None, float]:
    """Return the language with the most words, and its lead as a share of all."""
    words = words_of(text)
    votes: dict[str, float] = defaultdict(float)
    for word in words:
        for language in languages_of_words().get(word, ()):
            votes[language] += 1
        if word in english_words():
            votes[ENGLISH] += ENGLISH_WEIGHT
    best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:2]
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return None, 0.0
    lead = best[0][1] - (best[1][1] if len(best) > 1 else 0)
    return best[0][0], min(1.0, lead / len(words))


@cache
def languages_of_words() -> dict[str, tuple[str, ...]]:
    """Map a common word to the languages that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for line in FOREIGN.read_text(encoding="utf-8").splitlines():
        code, *words = line.split()
        if code != "#":
            for word in words:
                found[word] = (*found.get(word, ()), code)
    return found


def shaped(language: str | None, confidence: float) -> Payload:
    """Shape the answer."""
    return {"language": language, "confidence": round(confidence, 4)}
