"""Keep the items of a list for which something holds."""

from typing import Any

from flows.nodes.base import Data, Done, Failed, NodeConfig, NodeType, Schema
from flows.nodes.items import evaluate_each, read_list
from flows.nodes.values import Cel, CelOfItem


class Config(NodeConfig):
    """The list, and the question that is asked about each item."""

    items: Cel
    keep: CelOfItem


def run(config: Config, data: Data) -> Done | Failed:
    """Keep the items in their order; an answer that is no boolean fails."""
    items = read_list(config.items, data)
    answers = evaluate_each(config.keep, items, data)
    for index, answer in enumerate(answers):
        if not isinstance(answer, bool):
            return Failed(
                code="condition_not_boolean",
                message=f"Item {index}: the question gave neither true nor false. "
                "Compare its value with something, for example with == or >.",
            )
    kept = [item for item, answer in zip(items, answers, strict=True) if answer]
    return Done(output={"items": kept, "count": len(kept)})


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """What was kept, and how many that are."""
    return {
        "type": "object",
        "properties": {"items": {"type": "array"}, "count": {"type": "integer"}},
        "required": ["items", "count"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="filter",
    label="Filter",
    help="Keeps the items of a list for which something holds.",
    icon="filter",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: [
        ("/items", config.items, "cel"),
        ("/keep", config.keep, "each"),
    ],
    output_schema=output_schema,
)
