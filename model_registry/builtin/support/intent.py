"""support-intent: what a customer wants, or why that cannot be told."""

from collections.abc import Callable

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.minilm import load_encoder
from model_registry.builtin.support.features import Matrix, featurize
from model_registry.builtin.support.language import Language, LanguageGate
from model_registry.builtin.support.spelling import WORDS
from model_registry.builtin.support.weights import Weights, read_weights

BLANK = "The message holds no words."
UNCLEAR = "The message does not say clearly enough what it is about."
UNKNOWN_LANGUAGE = "The message is not in English, the only language the models know."


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    encoder, gate = load_encoder(), LanguageGate()
    return IntentModel(
        lambda text: featurize(text, encoder), read_weights("intent"), gate.detect
    )


class IntentModel:
    """Classifies one message at a time."""

    def __init__(
        self,
        featurize: Callable[[str], Matrix],
        weights: Weights,
        detect_language: Callable[[str], Language],
    ) -> None:
        self._featurize = featurize
        self._weights = weights
        self._detect_language = detect_language

    def __call__(self, payload: Payload) -> Payload:
        """Map `{text}` to intent, confidence, language, reasons and scores."""
        text = read_text(payload, "text")
        if not WORDS.search(text):
            return _refusal("blank", BLANK, language=None)
        language = self._detect_language(text)
        if not language.is_english:
            return _refusal("language_unknown", UNKNOWN_LANGUAGE, language.code)
        return self._classify(text)

    def _classify(self, text: str) -> Payload:
        scores = self._weights.probabilities(self._featurize(text))
        intent = max(scores, key=scores.__getitem__)
        if scores[intent] < self._weights.threshold:
            refusal = _refusal("unclear", UNCLEAR, language="en")
            return refusal | {"confidence": scores[intent], "scores": scores}
        return {
            "intent": intent,
            "confidence": scores[intent],
            "language": "en",
            "reasons": [],
            "scores": scores,
        }


def _refusal(code: str, text: str, language: str | None) -> Payload:
    return {
        "intent": None,
        "confidence": 0.0,
        "language": language,
        "reasons": [{"code": code, "text": text}],
        "scores": {},
    }
