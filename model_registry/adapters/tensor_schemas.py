"""JSON Schemas of tensors, and of objects whose fields they are. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model_registry.adapters.tensors import is_one_row
from model_registry.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class TensorType:
    """What somebody says of a tensor; None where he does not.

    A length of the shape that is no positive number may be any.
    """

    json_type: str | None
    shape: Sequence[object] | None


def tensor_schema(kind: TensorType) -> JsonObject:
    """Describe nested lists."""
    if kind.shape is None:
        return {}
    schema = scalar_schema(kind)
    for length in reversed(kind.shape):
        schema = {"type": "array", "items": schema}
        if isinstance(length, int) and length > 0:
            schema |= {"minItems": length, "maxItems": length}
    return schema


def scalar_schema(kind: TensorType) -> JsonObject:
    """Describe a single entry."""
    return {"type": kind.json_type} if kind.json_type else {}


def object_schema(properties: Mapping[str, JsonObject]) -> JsonObject:
    """Describe an object that has all of these."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
    }


def input_schema(
    sources: Mapping[str, Mapping[str, Any]], told: Mapping[str, TensorType]
) -> JsonObject:
    """Describe the input of a model whose tensors come from these sources."""
    properties: dict[str, JsonObject] = {}
    for name, source in sources.items():
        kind = told.get(name, TensorType(None, None))
        if source.get("fields"):
            properties |= dict.fromkeys(source["fields"], scalar_schema(kind))
        else:
            properties[source["field"]] = tensor_schema(kind)
    return object_schema(properties)


def output_schema(
    sources: Mapping[str, Mapping[str, Any]],
    outputs: Mapping[str, str] | None,
    told: Mapping[str, TensorType],
) -> JsonObject:
    """Describe the answer of a model with these tensors, one row of it if it is one."""
    named = outputs or {name: name for name in told}
    kinds = {
        field: told.get(name, TensorType(None, None)) for field, name in named.items()
    }
    if is_one_row(sources):
        kinds = {field: _first_row(kind) for field, kind in kinds.items()}
    return object_schema({field: tensor_schema(kind) for field, kind in kinds.items()})


def _first_row(kind: TensorType) -> TensorType:
    return TensorType(kind.json_type, kind.shape[1:] if kind.shape else kind.shape)
