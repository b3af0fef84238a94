"""Do something for each item of a list."""

from typing import Annotated, Any, Literal

from pydantic import Field

from flows.expressions import compile_expression
from flows.nodes.base import (
    Data,
    Failed,
    ForEach,
    NodeConfig,
    NodeType,
    Schema,
    Written,
)
from flows.nodes.values import Cel, CelOfItem


class Config(NodeConfig):
    """The list, how many items at once, what an item's error does, what is kept.

    `result` is evaluated for each item after the nodes of the body have ended, and may
    read them. Without it an item's result is what the ends of the body gave, by node id.
    """

    items: Cel
    concurrency: Annotated[int, Field(ge=1, le=1000)] = 10
    on_item_error: Literal["stop", "skip", "keep"] = "stop"
    result: CelOfItem | None = None


def run(config: Config, data: Data) -> ForEach | Failed:
    """Ask for a run through the body for each item."""
    items = compile_expression(config.items).evaluate(data.variables)
    if not isinstance(items, list):
        return Failed(
            code="map_items_not_list",
            message="The items are no list. Name the list to go through.",
        )
    return ForEach(items=items)


def expressions(config: Config) -> list[Written]:
    """The list once, the result for each item."""
    found: list[Written] = [("/items", config.items, "cel")]
    if config.result is not None:
        found.append(("/result", config.result, "each"))
    return found


def output_schema(config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The results in the order of the items, and the items that failed.

    With `skip` a failed item has no result; with `keep` its result is null.
    """
    failure = {
        "type": "object",
        "properties": {
            "index": {"type": "integer"},
            "code": {"type": "string"},
            "message": {"type": "string"},
        },
        "required": ["index", "code", "message"],
        "additionalProperties": False,
    }
    result: dict[str, Any] = {} if config.result is not None else {"type": "object"}
    if config.result is None and config.on_item_error == "keep":
        result = {"type": ["object", "null"]}
    return {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": result},
            "failed": {"type": "array", "items": failure},
        },
        "required": ["items", "failed"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="map",
    label="Map",
    help="Runs the nodes in it for each item of a list, several at a time.",
    icon="stack-2",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=expressions,
    output_schema=output_schema,
)
