"""Run another flow as one step."""

from typing import Annotated, Any

from pydantic import Field

from flows.nodes.base import CallFlow, Data, NodeConfig, NodeType, Schema
from flows.nodes.values import Slug, Values, evaluate_values, written_values


class Config(NodeConfig):
    """Which version of which flow, and the fields of its input."""

    flow: Slug
    version: Annotated[int, Field(ge=1)]
    input: Values = Field(default_factory=dict)


def run(config: Config, data: Data) -> CallFlow:
    """Ask for the run."""
    return CallFlow(
        flow=config.flow,
        version=config.version,
        input=evaluate_values(config.input, data),
    )


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The output of the other flow: an object, or null if it reached no output."""
    return {"type": ["object", "null"]}


NODE = NodeType(
    name="subflow",
    label="Subflow",
    help="Runs a version of another flow; its output is that run's output.",
    icon="sitemap",
    effect="transactional",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: written_values("/input", config.input),
    output_schema=output_schema,
)
