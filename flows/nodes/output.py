"""Where a run ends with a result."""

from flows.nodes.base import Data, Done, NodeConfig, NodeType
from flows.nodes.values import Values, evaluate_values, values_schema, written_values


class Config(NodeConfig):
    """The fields of the run's output, each with the expression that gives it."""

    values: Values


def run(config: Config, data: Data) -> Done:
    """Give the run's output; there is no way on from here."""
    return Done(output=evaluate_values(config.values, data), port=None)


NODE = NodeType(
    name="output",
    label="Output",
    help="Ends the run with a result. Only one output may be reached in a run.",
    icon="door-exit",
    config=Config,
    run=run,
    out_ports=lambda _config: (),
    expressions=lambda config: written_values("/values", config.values),
    output_schema=lambda config, _input_schema: values_schema(config.values),
)
