"""Where a run starts."""

from typing import Any

from flows.nodes.base import Data, Done, NodeConfig, NodeType, Schema


class Config(NodeConfig):
    """Nothing to set: the flow's input schema says what comes in."""


def run(_config: Config, data: Data) -> Done:
    """Give the run's input."""
    return Done(output=data.input)


def output_schema(_config: Config, input_schema: Schema) -> dict[str, Any]:
    """The output is the input."""
    return dict(input_schema)


NODE = NodeType(
    name="input",
    label="Input",
    help="Where a run starts. Its output is the run's input.",
    icon="door-enter",
    config=Config,
    run=run,
    in_ports=(),
    out_ports=lambda _config: ("out",),
    output_schema=output_schema,
)
