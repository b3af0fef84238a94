"""moderation-guardian: a guard against prompt injection from a package, on its own.

It knows nothing of insults and threats.
"""

import os
from array import array
from pathlib import Path

import svguardian
from svguardian.model.pure_infer import PureGuardian
from svguardian.window import predict_windowed

from model_registry.builtin.contract import Model, Payload, Settings, read_text
from model_registry.builtin.memory import release_freed_memory
from model_registry.builtin.moderation.reasons import shaped

# Naming the file keeps the package from ever looking for one on the network.
GUARDIAN = Path(svguardian.__file__).parent / "_runtime" / "guardian.runtime.json.gz"


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    guardian = load_guardian()

    def moderate(payload: Payload) -> Payload:
        """Map `{text}` to clear and reasons."""
        found = predict_windowed(guardian, read_text(payload, "text"))
        return shaped({"prompt_injection"} if found["verdict"] == "malicious" else ())

    return moderate


def load_guardian() -> PureGuardian:
    """Load the prompt-injection guard from its package, offline."""
    os.environ["SV_GUARDIAN_RUNTIME"] = str(GUARDIAN)
    guardian = PureGuardian.load(svguardian.resolve_runtime())
    # Plain arrays in place of lists of float objects: a quarter of the memory.
    guardian.coef = [array("d", row) for row in guardian.coef]
    release_freed_memory()
    return guardian
