"""Bring parallel branches together."""

from typing import Any

from flows.nodes.base import Data, Done, NodeConfig, NodeType, Schema


class Config(NodeConfig):
    """Nothing to set: it waits until every edge is taken or dead."""


def run(_config: Config, data: Data) -> Done:
    """Say who arrived."""
    return Done(output={"arrived": list(data.arrived)})


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The ids of the nodes whose edges were taken."""
    return {
        "type": "object",
        "properties": {"arrived": {"type": "array", "items": {"type": "string"}}},
        "required": ["arrived"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="join",
    label="Join",
    help="Waits until every branch has arrived or cannot arrive any more.",
    icon="arrows-join",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    output_schema=output_schema,
)
