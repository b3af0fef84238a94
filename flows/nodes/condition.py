"""Go one of two ways."""

from flows.expressions import compile_expression
from flows.nodes.base import Data, Done, Failed, NodeConfig, NodeType
from flows.nodes.values import Cel

OUTPUT = {
    "type": "object",
    "properties": {"result": {"type": "boolean"}},
    "required": ["result"],
    "additionalProperties": False,
}


class Config(NodeConfig):
    """The question; its answer must be true or false."""

    when: Cel


def run(config: Config, data: Data) -> Done | Failed:
    """Leave by `true` or `false`; any other answer fails."""
    result = compile_expression(config.when).evaluate(data.variables)
    if not isinstance(result, bool):
        return Failed(
            code="condition_not_boolean",
            message="The condition gave neither true nor false. "
            "Compare its value with something, for example with == or >.",
        )
    return Done(output={"result": result}, port="true" if result else "false")


NODE = NodeType(
    name="condition",
    label="Condition",
    help="Goes on by the port true or by the port false.",
    icon="git-branch",
    config=Config,
    run=run,
    out_ports=lambda _config: ("true", "false"),
    expressions=lambda config: [("/when", config.when, "cel")],
    output_schema=lambda _config, _input_schema: dict(OUTPUT),
)
