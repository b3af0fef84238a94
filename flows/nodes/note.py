"""Words for whoever reads the flow."""

from typing import Annotated

from pydantic import Field

from flows.nodes.base import Data, Done, NodeConfig, NodeType


class Config(NodeConfig):
    """The words."""

    text: Annotated[str, Field(max_length=5_000)] = ""


def run(_config: Config, _data: Data) -> Done:
    """Give nothing: no edge leads to a note, so no run comes here."""
    return Done(output=None, port=None)


NODE = NodeType(
    name="note",
    label="Note",
    help="Words for whoever reads the flow. It does nothing.",
    icon="message-2",
    config=Config,
    run=run,
    in_ports=(),
    out_ports=lambda _config: (),
    output_schema=lambda _config, _input_schema: {"not": {}},
)
