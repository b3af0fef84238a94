"""Make one value of what several branches gave."""

from typing import Any, Literal

from flows.nodes.base import Data, Done, Failed, NodeConfig, NodeType, Schema

KINDS: dict[str, dict[str, Any]] = {
    "object": {"type": "object"},
    "list": {"type": "array"},
    "first": {},
}


class Config(NodeConfig):
    """How: one object of all fields, a list of all outputs, or the first output."""

    mode: Literal["object", "list", "first"] = "object"


def run(config: Config, data: Data) -> Done | Failed:
    """Merge the outputs of the nodes that arrived, in that order."""
    sources = [source for source in data.arrived if source in data.steps]
    outputs = [data.steps[source] for source in sources]
    match config.mode:
        case "list":
            return Done(output={"value": outputs, "from": sources})
        case "first":
            return Done(
                output={"value": outputs[0] if outputs else None, "from": sources[:1]}
            )
    merged: dict[str, Any] = {}
    for source, output in zip(sources, outputs, strict=True):
        if not isinstance(output, dict):
            return Failed(
                code="merge_not_object",
                message=f"The output of '{source}' is no object, so its fields cannot "
                "be merged. Use the mode list.",
            )
        merged |= output
    return Done(output={"value": merged, "from": sources})


def output_schema(config: Config, _input_schema: Schema) -> dict[str, Any]:
    """What came of it, and of which nodes."""
    return {
        "type": "object",
        "properties": {
            "value": dict(KINDS[config.mode]),
            "from": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["value", "from"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="merge",
    label="Merge",
    help="Makes one value of what its branches gave; later ones win.",
    icon="hierarchy-2",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    output_schema=output_schema,
)
