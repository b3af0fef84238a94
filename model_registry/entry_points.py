"""The Python models this machine has: built in, and offered by installed packages."""

from collections.abc import Mapping
from importlib.metadata import entry_points

from model_registry.builtin import ENTRY_POINTS

GROUP = "baton.models"


def known() -> dict[str, str]:
    """Map names to `module:attribute`; a package cannot take a built-in's name."""
    installed = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    return installed | ENTRY_POINTS


def unknown_sentence(name: str, names: Mapping[str, str]) -> str:
    """Say that `name` is missing and what there is instead."""
    return (
        f"No installed package offers the model {name!r} in the group {GROUP}. "
        f"Known are: {', '.join(sorted(names))}."
    )
