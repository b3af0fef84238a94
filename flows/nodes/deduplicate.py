"""Keep one of each kind of item in a list."""

from typing import Any, Literal

from flows.nodes.base import Data, Done, NodeConfig, NodeType, Schema
from flows.nodes.items import evaluate_each, read_list
from flows.nodes.keys import same_key
from flows.nodes.values import Cel, CelOfItem


class Config(NodeConfig):
    """The list, what makes two items the same, and which of them stays."""

    items: Cel
    by: CelOfItem = "item"
    keep: Literal["first", "last"] = "first"


def run(config: Config, data: Data) -> Done:
    """Keep one item for each key, in the order of the list."""
    items = read_list(config.items, data)
    keys = [same_key(key) for key in evaluate_each(config.by, items, data)]
    places: dict[bytes, int] = {}
    for index, key in enumerate(keys):
        if config.keep == "last" or key not in places:
            places[key] = index
    kept = [items[index] for index in sorted(places.values())]
    return Done(output={"items": kept, "removed": len(items) - len(kept)})


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """What was kept, and how many were not."""
    return {
        "type": "object",
        "properties": {"items": {"type": "array"}, "removed": {"type": "integer"}},
        "required": ["items", "removed"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="deduplicate",
    label="Deduplicate",
    help="Keeps one of each kind of item in a list.",
    icon="fingerprint",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: [
        ("/items", config.items, "cel"),
        ("/by", config.by, "each"),
    ],
    output_schema=output_schema,
)
