"""What every built-in model looks like from outside."""

from collections.abc import Callable
from typing import Any

Payload = dict[str, Any]
Settings = dict[str, Any]
Model = Callable[[Payload], Payload]


def read_text(payload: Payload, key: str) -> str:
    """Return a text field of a model's input.

    Raises:
        ValueError: the field is missing or holds something else.
    """
    value = payload.get(key)
    if not isinstance(value, str):
        msg = f"The field '{key}' must hold a text."
        raise ValueError(msg)
    return value
