"""Write a text."""

from flows.expressions import compile_text
from flows.nodes.base import Data, Done, NodeConfig, NodeType
from flows.nodes.values import Text

OUTPUT = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}


class Config(NodeConfig):
    """The text; {{ expressions }} in it are filled in."""

    text: Text


def run(config: Config, data: Data) -> Done:
    """Fill in the text."""
    return Done(output={"text": compile_text(config.text).render(data.variables)})


NODE = NodeType(
    name="template",
    label="Template",
    help="Writes a text with values filled in.",
    icon="pencil",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: [("/text", config.text, "text")],
    output_schema=lambda _config, _input_schema: dict(OUTPUT),
)
