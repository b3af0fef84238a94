"""Give values a name that the rest of the run can use."""

from flows.nodes.base import Data, Done, NodeConfig, NodeType
from flows.nodes.values import Values, evaluate_values, values_schema, written_values


class Config(NodeConfig):
    """The names with the expressions that give their values."""

    values: Values


def run(config: Config, data: Data) -> Done:
    """Evaluate the values; the engine shows them downstream as `context.<name>`."""
    return Done(output=evaluate_values(config.values, data))


NODE = NodeType(
    name="set_context",
    label="Set context",
    help="Gives values a name; later steps read them as context.<name>.",
    icon="bookmark",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: written_values("/values", config.values),
    output_schema=lambda config, _input_schema: values_schema(config.values),
)
