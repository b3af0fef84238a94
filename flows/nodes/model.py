"""Call a model of the registry."""

from typing import Any

from flows.nodes.base import CallModel, Data, NodeConfig, NodeType, Schema
from flows.nodes.values import Slug, Values, evaluate_values, written_values


class Config(NodeConfig):
    """Which model, and the fields of its input with their expressions.

    `tag` says what kind of request this is, for the model's figures.
    """

    model: Slug
    alias: Slug = "champion"
    input: Values
    tag: Slug | None = None


def run(config: Config, data: Data) -> CallModel:
    """Ask for the call; the registry checks input and output against the schemas."""
    return CallModel(
        model=config.model,
        alias=config.alias,
        input=evaluate_values(config.input, data),
        tag=config.tag or "",
    )


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """Only the registry knows more than that it is an object."""
    return {"type": "object"}


NODE = NodeType(
    name="model",
    label="Model",
    help="Calls a model of the registry; its output is the model's output.",
    icon="cpu",
    effect="idempotent",
    runs="wait",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: written_values("/input", config.input),
    output_schema=output_schema,
)
