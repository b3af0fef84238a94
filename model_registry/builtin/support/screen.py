"""support-screen: abuse, threats and prompt injection in a customer's message."""

import os
from pathlib import Path

import svguardian
from svguardian.model.pure_infer import PureGuardian
from svguardian.serve import analyze

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.support.disguise import plain_forms
from model_registry.builtin.support.hostility import hostile_kinds

# Naming the file keeps the package from ever looking for one on the network.
GUARDIAN = Path(svguardian.__file__).parent / "_runtime" / "guardian.runtime.json.gz"
MOST_CHARACTERS = 20_000
CERTAIN = 99
TEXTS = {
    "abusive": "The message insults people.",
    "threat": "The message threatens people.",
    "prompt_injection": "The message tries to steer the models that read it.",
}


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    os.environ["SV_GUARDIAN_RUNTIME"] = str(GUARDIAN)
    return ScreenModel(PureGuardian.load(svguardian.resolve_runtime()))


class ScreenModel:
    """Rules for what people say to people, a trained guard for what steers models."""

    def __init__(self, guardian: PureGuardian):
        self._guardian = guardian

    def __call__(self, payload: Payload) -> Payload:
        """Map `{text}` to clear and reasons."""
        text = read_text(payload, "text")[:MOST_CHARACTERS]
        found = {kind for form in plain_forms(text) for kind in hostile_kinds(form)}
        if analyze(text, self._guardian)["risk_score"] >= CERTAIN:
            found.add("prompt_injection")
        reasons = [{"code": c, "text": t} for c, t in TEXTS.items() if c in found]
        return {"clear": not reasons, "reasons": reasons}
