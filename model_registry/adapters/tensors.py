"""Tensors as JSON: nested lists, and flat ones with a shape. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from model_registry.json_values import JsonObject, kind_of

Scalar = bool | int | float | str
MOST_ENTRIES = 4_000_000


@dataclass(frozen=True, slots=True)
class Tensor:
    """Entries in row-major order."""

    shape: list[int]
    data: list[Any]


def tensor_from(source: Mapping[str, Any], value: JsonObject) -> Tensor:
    """Take a tensor out of a model's input, as a `TensorSource` says.

    Raises: ValueError if the input lacks a field, or what stands there is no tensor.
    """
    if fields := source.get("fields"):
        row = [_scalar(name, _field(value, name)) for name in fields]
        return Tensor([1, len(row)], row)
    name = source["field"]
    return flatten(_field(value, name), name)


def flatten(nested: object, name: str) -> Tensor:
    """Make a tensor of nested lists, or of a single value.

    Raises: ValueError if lists side by side have different lengths.
    """
    if not isinstance(nested, list):
        return Tensor([1], [_scalar(name, nested)])
    shape: list[int] = []
    level: list[Any] = [nested]
    while level and all(isinstance(entry, list) for entry in level):
        length = len(level[0])
        if any(len(entry) != length for entry in level):
            raise ValueError(f"the lists in '{name}' have different lengths")
        shape.append(length)
        level = [item for entry in level for item in entry]
        if len(level) > MOST_ENTRIES:
            raise ValueError(f"'{name}' has more than {MOST_ENTRIES:,} entries")
    return Tensor(shape, [_scalar(name, entry) for entry in level])


def nest(tensor: Tensor) -> Any:  # noqa: ANN401 - nested lists
    """Make nested lists of a tensor.

    Raises: ValueError if the shape has not as many entries as there are.
    """
    if any(length < 0 for length in tensor.shape) or prod(tensor.shape) != len(
        tensor.data
    ):
        raise ValueError(f"{len(tensor.data)} entries do not fill {tensor.shape}")
    if 0 in tensor.shape:
        return []
    level: list[Any] = tensor.data
    for length in reversed(tensor.shape):
        level = [level[at : at + length] for at in range(0, len(level), length)]
    return level[0] if level else []


def is_one_row(sources: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the input is one row, so that the answer's first entry is the answer."""
    return all(source.get("fields") for source in sources.values())


def first_row(value: object) -> object:
    """The only row of an answer; anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _field(value: JsonObject, name: str) -> object:
    if name not in value:
        raise ValueError(f"the field '{name}' is missing")
    return value[name]


def _scalar(name: str, entry: object) -> Scalar:
    if isinstance(entry, bool | int | float | str):
        return entry
    raise ValueError(f"'{name}' holds {kind_of(entry)}; a number or text was expected")
