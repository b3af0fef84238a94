"""summary-lead: the first sentences. Whatever costs more has to be better."""

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.summaries.sentences import read_question, shaped


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return summarise


def summarise(payload: Payload) -> Payload:
    """Map `{text, sentences}` to summary and sentences."""
    sentences, wanted = read_question(payload)
    return shaped(sentences, range(min(wanted, len(sentences))))
