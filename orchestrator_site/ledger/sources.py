"""Apps above the ledger whose rows carry chain heads or content that events commit to.

They are named, not imported: the ledger knows nobody, and names can be given before
the models of an app are loaded.
"""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

NAMES: list[str] = []


def register(name: str) -> None:
    """Have the ledger's verification read the `Source` with this dotted name."""
    NAMES.append(name)


def registered() -> list[Callable[[], Any]]:
    """The classes registered so far."""
    return [import_string(name) for name in NAMES]
