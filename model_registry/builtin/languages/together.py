"""language-together: known words where the text is short, groups of letters elsewhere."""

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.langid import load_identifier
from model_registry.builtin.languages.langid import identify_by_letters
from model_registry.builtin.languages.words import identify_by_words, shaped
from model_registry.builtin.support.spelling import words_of

SHORT_WORDS = 4
CLEAR_LEAD = 0.3
SURE = 0.9


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    load_identifier()
    return identify


def identify(payload: Payload) -> Payload:
    """Map `{text}` to language and confidence."""
    text = read_text(payload, "text")
    by_letters = identify_by_letters(text)
    if len(words_of(text)) > SHORT_WORDS and by_letters[1] >= SURE:
        return shaped(*by_letters)
    by_words = identify_by_words(text)
    return shaped(*(by_words if by_words[1] >= CLEAR_LEAD else by_letters))
