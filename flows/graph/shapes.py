"""What is known beforehand of the values that expressions read, as JSON Schemas."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
# Schemas that refer to schemas, and items of items, are followed this far.
MAX_HOPS = 10

NAMES = {
    "array": "a list",
    "object": "an object",
    "string": "text",
    "number": "a number",
    "integer": "a number",
    "boolean": "true or false",
    "null": "null",
}
TYPES: dict[type, str] = {
    list: "array",
    dict: "object",
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}


def field(schema: Schema | None, name: str, root: Schema) -> Schema | None:
    """The schema of a field; None if nothing is known of it."""
    found = resolve(schema, root)
    if found is None:
        return None
    properties = found.get("properties")
    if isinstance(properties, Mapping) and name in properties:
        return _schema(properties[name])
    return _schema(found.get("additionalProperties"))


def fields(schema: Schema | None, root: Schema) -> dict[str, Schema]:
    """The fields that are known, with their schemas."""
    found = resolve(schema, root) or {}
    properties = found.get("properties")
    if not isinstance(properties, Mapping):
        return {}
    return {
        name: inner for name, inner in properties.items() if isinstance(inner, Mapping)
    }


def items(schema: Schema | None, root: Schema) -> Schema | None:
    """The schema of a list's items; None if nothing is known of them."""
    found = resolve(schema, root)
    return None if found is None else _schema(found.get("items"))


def kinds(schema: Schema | None, root: Schema) -> frozenset[str] | None:
    """The JSON types that a value may have; None if any."""
    found = resolve(schema, root)
    if found is None:
        return None
    match found:
        case {"type": str(named)}:
            return frozenset([named])
        case {"type": list(named)}:
            return frozenset(str(each) for each in named)
        case {"const": value}:
            return frozenset([TYPES[type(value)]])
        case {"enum": list(values)}:
            return frozenset(TYPES[type(each)] for each in values)
    return None


def resolve(schema: Schema | None, root: Schema) -> Schema | None:
    """Follow references within the root; None if one leads nowhere or elsewhere."""
    for _ in range(MAX_HOPS):
        if schema is None or "$ref" not in schema:
            return schema
        schema = _schema(_at(str(schema["$ref"]), root))
    return None


def _at(reference: str, root: Schema) -> object:
    if not reference.startswith("#"):
        return None
    found: object = root
    for part in reference[1:].split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _schema(found: object) -> Schema | None:
    return found if isinstance(found, Mapping) else None
