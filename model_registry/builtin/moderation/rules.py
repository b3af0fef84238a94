"""moderation-rules: the rules of support-screen alone, disguises undone."""

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.moderation.reasons import shaped
from model_registry.builtin.support.disguise import plain_forms
from model_registry.builtin.support.hostility import hostile_kinds


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return moderate


def moderate(payload: Payload) -> Payload:
    """Map `{text}` to clear and reasons."""
    forms = plain_forms(read_text(payload, "text"))
    return shaped({kind for form in forms for kind in hostile_kinds(form)})
