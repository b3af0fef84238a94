"""Compute new values from earlier ones."""

from flows.nodes.base import Data, Done, NodeConfig, NodeType
from flows.nodes.values import Values, evaluate_values, values_schema, written_values


class Config(NodeConfig):
    """The fields of the output, each with the expression that gives it."""

    values: Values


def run(config: Config, data: Data) -> Done:
    """Evaluate the values."""
    return Done(output=evaluate_values(config.values, data))


NODE = NodeType(
    name="transform",
    label="Transform",
    help="Computes new values from the input and from earlier steps.",
    icon="math-function",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: written_values("/values", config.values),
    output_schema=lambda config, _input_schema: values_schema(config.values),
)
