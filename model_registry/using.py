"""Whether a model may be used for what a call is for."""

from model_registry.errors import UseRefused
from model_registry.governance import Refusal, Use, refusal
from model_registry.resolving import ResolvedModel


def refusal_of(resolved: ResolvedModel, use: Use) -> Refusal | None:
    """Say why the model must not be called, from what is known of it already."""
    if resolved.kind != "model":
        return Refusal(
            "model_is_person",
            f"{resolved.model} is a {resolved.kind}, and is asked rather than called. "
            "Put an approval in the place of this node.",
        )
    return refusal(
        resolved.governance,
        use.data_class,
        is_external=resolved.is_external,
        takes_drafts=use.takes_drafts,
    )


def check_use(resolved: ResolvedModel, use: Use) -> None:
    """Let a call be made, or not. Raises: UseRefused."""
    if refused := refusal_of(resolved, use):
        raise UseRefused(
            f"{resolved.model} version {resolved.version} was not called. "
            f"{refused.message}",
            code=refused.code,
        )
