"""What commands say of a version."""

from model_registry.governance import Status
from model_registry.models import ModelVersion

ADVICE = (
    "Whoever may approve models can approve it; here, register_model with --approve."
)
BARRED = {
    Status.DRAFT: f"is a draft: published flows may not call it. {ADVICE}",
    Status.SUSPENDED: f"is suspended: no flow may call it. {ADVICE}",
    Status.RETIRED: "is retired: no flow may call it.",
}


def said_of_standing(version: ModelVersion) -> list[str]:
    """What keeps flows from calling a version, and what to do about it."""
    said = BARRED.get(Status(version.standing.status))
    is_called = version.model.kind == "model"
    return [f"{version} {said}"] if said and is_called else []
