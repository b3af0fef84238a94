"""Expressions in the settings of adapters.

Their language stands above this app: flows have it. They name it here, from `apps.py`,
which runs before models can be imported.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

Evaluate = Callable[[Mapping[str, Any]], Any]
Compile = Callable[[str, Sequence[str]], Evaluate]

_NAMES: list[str] = []


def register(name: str) -> None:
    """Have expressions compiled by what stands at this dotted name, a `Compile`."""
    _NAMES[:] = [name]


def compile_expression(source: str, variables: Sequence[str]) -> Evaluate:
    """Compile an expression that may read these variables.

    Raises: ValueError if it is none, or reads something else; what is returned raises
    ValueError where there is no value.
    """
    module, _, name = _NAMES[0].rpartition(".")
    compile_: Compile = getattr(import_module(module), name)
    return compile_(source, variables)


def compile_values(
    values: Mapping[str, str], variables: Sequence[str]
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Compile named expressions, which give an object.

    What is returned raises ValueError that names the first one without a value.
    """
    compiled = {
        name: compile_expression(source, variables) for name, source in values.items()
    }

    def evaluate(given: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name, expression in compiled.items():
            try:
                found[name] = expression(given)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return found

    return evaluate
