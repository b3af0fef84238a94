"""language-langid: py3langid, which knows 97 languages by their groups of letters."""

from model_registry.builtin.contract import Model, Settings, read_text
from model_registry.builtin.langid import load_identifier
from model_registry.builtin.languages.words import shaped
from model_registry.builtin.support.spelling import words_of


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    load_identifier()
    return lambda payload: shaped(*identify_by_letters(read_text(payload, "text")))


def identify_by_letters(text: str) -> tuple[str | None, float]:
    """Return the likeliest language and its probability; none without words."""
    if not words_of(text):
        return None, 0.0
    code, probability = load_identifier().classify(text)
    return str(code), float(probability)
