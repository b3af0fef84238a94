"""What a moderating model answers: clear, or for which reasons not."""

from collections.abc import Collection

from model_registry.builtin.contract import Payload

TEXTS = {
    "abusive": "The message insults people.",
    "threat": "The message threatens people.",
    "prompt_injection": "The message tries to steer the models that read it.",
}


def shaped(found: Collection[str]) -> Payload:
    """Shape the answer from the codes that were found."""
    reasons = [{"code": c, "text": t} for c, t in TEXTS.items() if c in found]
    return {"clear": not reasons, "reasons": reasons}
