"""Put the items of a list in order."""

from typing import Any

from flows.nodes.base import Data, Done, Failed, NodeConfig, NodeType, Schema
from flows.nodes.items import evaluate_each, read_list
from flows.nodes.values import Cel, CelOfItem


class Config(NodeConfig):
    """The list, and what each item is placed by."""

    items: Cel
    by: CelOfItem = "item"
    descending: bool = False


def run(config: Config, data: Data) -> Done | Failed:
    """Sort; items with equal keys keep their order, and those of key null come last."""
    items = read_list(config.items, data)
    keys = evaluate_each(config.by, items, data)
    pairs = list(zip(keys, items, strict=True))
    known = [pair for pair in pairs if pair[0] is not None]
    if (index := _first_of_other_kind(keys)) is not None:
        return Failed(
            code="sort_keys_differ",
            message=f"Item {index}: its key cannot be compared with the others. "
            "Give every item a number, or every item a text, or null.",
        )
    known.sort(key=lambda pair: pair[0], reverse=config.descending)
    last = [pair for pair in pairs if pair[0] is None]
    return Done(output={"items": [item for _key, item in (*known, *last)]})


def _first_of_other_kind(keys: list[Any]) -> int | None:
    kinds = [_kind(key) for key in keys]
    first = next((kind for kind in kinds if kind != "null"), None)
    wrong = (
        index
        for index, kind in enumerate(kinds)
        if kind == "none" or kind not in ("null", first)
    )
    return next(wrong, None)


def _kind(key: object) -> str:
    match key:
        case None:
            return "null"
        case bool():
            return "truth"
        case int() | float():
            return "number"
        case str():
            return "text"
    return "none"


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The same items in order."""
    return {
        "type": "object",
        "properties": {"items": {"type": "array"}},
        "required": ["items"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="sort",
    label="Sort",
    help="Puts the items of a list in order.",
    icon="sort-ascending",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: [
        ("/items", config.items, "cel"),
        ("/by", config.by, "each"),
    ],
    output_schema=output_schema,
)
