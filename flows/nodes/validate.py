"""Hold a value against a JSON Schema."""

from itertools import islice
from typing import Any

import orjson
from pydantic import Field, field_validator

from flows.expressions import compile_expression
from flows.nodes.base import Data, Done, NodeConfig, NodeType
from flows.nodes.values import Cel
from orchestrator_site.schemas.api import SchemaInvalid, check_schema, validator

MAX_ERRORS = 100
OUTPUT = {
    "type": "object",
    "properties": {
        "valid": {"type": "boolean"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "message": {"type": "string"},
                },
                "required": ["pointer", "message"],
                "additionalProperties": False,
            },
        },
        "value": {},
    },
    "required": ["valid", "errors", "value"],
    "additionalProperties": False,
}


class Config(NodeConfig):
    """The value, and the JSON Schema (2020-12) that it should fit."""

    value: Cel
    # pydantic's models have a `schema` of their own.
    schema_: dict[str, Any] = Field(alias="schema")

    @field_validator("schema_")
    @classmethod
    def _is_schema(cls, schema: dict[str, Any]) -> dict[str, Any]:
        try:
            check_schema(schema)
        except SchemaInvalid as error:
            place = f"at '{error.pointer[:200]}' it" if error.pointer else "it"
            raise ValueError(f"{place} {error.message}") from None
        return schema


def run(config: Config, data: Data) -> Done:
    """Leave by `valid` or `invalid`, with up to 100 of the places that do not fit."""
    value = compile_expression(config.value).evaluate(data.variables)
    found = validator(orjson.dumps(config.schema_)).iter_errors(value)
    errors = [
        {"pointer": _pointer(error.instance_path), "message": error.message}
        for error in islice(found, MAX_ERRORS)
    ]
    return Done(
        output={"valid": not errors, "errors": errors, "value": value},
        port="invalid" if errors else "valid",
    )


def _pointer(path: list[Any]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "".join(f"/{part}" for part in parts)


NODE = NodeType(
    name="validate",
    label="Validate",
    help="Goes on by valid or by invalid, by whether a value fits a JSON Schema.",
    icon="checkbox",
    config=Config,
    run=run,
    out_ports=lambda _config: ("valid", "invalid"),
    expressions=lambda config: [("/value", config.value, "cel")],
    output_schema=lambda _config, _input_schema: dict(OUTPUT),
)
