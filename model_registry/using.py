"""Whether a model may be used for what a call is for."""

from model_registry.errors import UseRefused
from model_registry.governance import Refusal, Use, refusal
from model_registry.resolving import ResolvedModel


def refusal_of(resolved: ResolvedModel, use: Use) -> Refusal | None:
    """Say why the model must not be used, from what is known of it already."""
    return refusal(
        resolved.governance,
        use.data_class,
        is_external=resolved.is_external,
        takes_drafts=use.takes_drafts,
    )


def person_refusal(resolved: ResolvedModel) -> Refusal | None:
    """Say why a person or a team cannot be called; None if it is a model."""
    if resolved.kind == "model":
        return None
    return Refusal(
        "model_is_person",
        f"{resolved.model} is a {resolved.kind}, who is asked and not called, and takes "
        "time. Only flows of standard durability can wait for them.",
    )


def check_use(resolved: ResolvedModel, use: Use) -> None:
    """Let a call be made, or not. Raises: UseRefused."""
    if refused := person_refusal(resolved) or refusal_of(resolved, use):
        raise UseRefused(
            f"{resolved.model} version {resolved.version} was not called. "
            f"{refused.message}",
            code=refused.code,
        )
