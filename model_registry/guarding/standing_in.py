"""Who may answer in the place of a model."""

from model_registry.errors import ModelError
from model_registry.models import Model
from model_registry.resolving import CHAMPION, ResolvedModel, resolve


def may_compute(resolved: ResolvedModel) -> bool:
    """Whether a call of it may need the models' own process, which only workers have."""
    if resolved.runs == "cpu":
        return True
    names = resolved.guard.limits.fallback if resolved.guard else ()
    return any(_computes(resolved, name) for name in names)


def _computes(first: ResolvedModel, name: str) -> bool:
    try:
        return resolve(first.workspace_id, name, CHAMPION).runs == "cpu"
    except ModelError:
        return False


def stand_in_problem(first: Model, other: Model) -> str | None:
    """Say why `other` cannot answer in the place of `first`, if it cannot."""
    if other.pk == first.pk:
        return f"{other.name} is the model itself."
    if other.capability != first.capability:
        return (
            f"{other.name} can {other.capability}; {first.name} can {first.capability}."
        )
    promised = first.output_schema.get("required", [])
    missing = set(promised) - set(other.output_schema.get("required", []))
    if missing:
        names = ", ".join(sorted(missing))
        return (
            f"{other.name} does not always answer with {names}, as {first.name} does."
        )
    return None
