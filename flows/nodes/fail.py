"""End the run with an error of the flow's own."""

from typing import Annotated

from pydantic import Field

from flows.expressions import compile_text
from flows.nodes.base import Data, Failed, NodeConfig, NodeType


class Config(NodeConfig):
    """The error; its message may hold {{ expressions }}."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    message: Annotated[
        str,
        Field(min_length=1, max_length=2000, json_schema_extra={"format": "text"}),
    ]


def run(config: Config, data: Data) -> Failed:
    """Fail with the code and the filled-in message."""
    message = compile_text(config.message).render(data.variables)
    return Failed(code=config.code, message=message)


NODE = NodeType(
    name="fail",
    label="Fail",
    help="Ends the run with an error that you word.",
    icon="circle-x",
    config=Config,
    run=run,
    out_ports=lambda _config: (),
    expressions=lambda config: [("/message", config.message, "text")],
    output_schema=lambda _config, _input_schema: {"not": {}},
)
