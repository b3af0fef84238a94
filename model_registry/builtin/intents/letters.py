"""intent-letters: words and letter groups on mended spelling, without sentence vectors."""

from model_registry.builtin.contract import Model, Settings
from model_registry.builtin.support.features import (
    MAX_CHARACTERS,
    Matrix,
    hash_letters,
)
from model_registry.builtin.support.intent import IntentModel
from model_registry.builtin.support.language import LanguageGate
from model_registry.builtin.support.spelling import mend_text
from model_registry.builtin.support.weights import read_weights

TASK = "intent_letters"


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return IntentModel(hash_mended, read_weights(TASK), LanguageGate().detect)


def hash_mended(text: str) -> Matrix:
    """Return the row of features for one message; only its beginning counts."""
    return hash_letters(mend_text(text[:MAX_CHARACTERS]))
