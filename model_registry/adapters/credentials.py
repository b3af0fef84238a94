"""Keys from the environment, read when they are needed and kept nowhere."""

import os
from pathlib import Path

from model_registry.errors import ModelUnavailable


def read_key(name: str) -> str:
    """Read the variable `name`, or the file that `name`_FILE names.

    Raises: ModelUnavailable if neither gives a key.
    """
    path = os.environ.get(f"{name}_FILE")
    try:
        key = (
            Path(path).read_text(encoding="utf-8") if path else os.environ.get(name, "")
        )
    except (OSError, UnicodeDecodeError):
        raise ModelUnavailable(
            f"The file that {name}_FILE names cannot be read."
        ) from None
    key = key.strip()
    if not key:
        raise ModelUnavailable(f"No API key: set {name} or {name}_FILE for the worker.")
    if not (key.isascii() and key.isprintable()):
        raise ModelUnavailable(f"The API key in {name} holds characters no key has.")
    return key
