"""Schemas that take too much of whoever checks a value are refused."""

from typing import Any

import pytest

from orchestrator_site.schemas.api import SchemaInvalid, check_schema, validator

Schema = dict[str, Any]


def doubling(levels: int) -> Schema:
    defs: Schema = {"a0": {"type": "object"}}
    for n in range(1, levels):
        defs[f"a{n}"] = {"allOf": [{"$ref": f"#/$defs/a{n - 1}"}] * 2}
    return {"$defs": defs, "$ref": f"#/$defs/a{levels - 1}"}


def chain(length: int) -> Schema:
    defs: Schema = {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(length)}
    return {"$defs": {**defs, f"a{length}": True}, "$ref": "#/$defs/a0"}


def properties(*names: str) -> Schema:
    return {"properties": {name: {"$ref": "#"} for name in names}}


TREE = {"type": "object", **properties("left", "right")}
LIST = {"properties": {"rest": {"$ref": "#"}, "more": {"items": {"$ref": "#"}}}}
MUTUAL = {
    "$defs": {
        "a": {"properties": {"b": {"$ref": "#/$defs/b"}}},
        "b": {"properties": {"a": {"$ref": "#/$defs/a"}}},
    },
    "$ref": "#/$defs/a",
}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        TREE,
        LIST,
        MUTUAL,
        {"$ref": "#"},
        doubling(8),
        chain(30),
        {"properties": {f"p{n}": {"pattern": r"^\d{5}$"} for n in range(500)}},
        {"properties": {"name": {"pattern": r"^[\p{L}' -]{1,80}$"}}},
        {"oneOf": [{"const": n} for n in range(500)]},
    ],
)
def test_ordinary_schema_is_taken(schema: Schema) -> None:
    check_schema(schema)


@pytest.mark.parametrize(
    ("schema", "words", "pointer"),
    [
        ({"type": "txt"}, "is no JSON Schema", "/type"),
        ({"$schema": "http://json-schema.org/schema#"}, "dialect", "/$schema"),
        ({"description": "a" * 300_000}, "300,018 bytes", ""),
        (doubling(40), "more than 10,000 schemas", ""),
        (chain(2_000), "150 within each other", ""),
        ({"$ref": "#/$defs/gone"}, "which is no schema", ""),
        ({"$ref": "other.json"}, "of its own", ""),
        ({"$dynamicRef": "#x"}, "of its own", ""),
        ({"allOf": [properties("a"), properties("a")]}, "doubles with each level", ""),
        (
            {**properties("a"), "additionalProperties": {"$ref": "#"}},
            "doubles with each level",
            "",
        ),
        (
            {"properties": {"a": {"pattern": "(a{1,300}){1,300}"}}},
            "more than 50,000 characters",
            "/properties/a",
        ),
        (
            {"patternProperties": {r"(\pL{1,90}){1,90}": True}},
            "more than 50,000 characters",
            "",
        ),
    ],
)
def test_schema_that_takes_too_much_is_refused(
    schema: Schema, words: str, pointer: str
) -> None:
    with pytest.raises(SchemaInvalid) as refusal:
        check_schema(schema)
    assert words in refusal.value.message
    assert refusal.value.pointer.startswith(pointer)


def test_patterns_run_without_backtracking() -> None:
    compiled = validator(b'{"pattern": "^(a+)+$"}')
    assert not compiled.is_valid("a" * 50_000 + "b")
