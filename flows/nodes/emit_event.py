"""Send an event to whatever waits for it."""

from typing import Annotated

from pydantic import Field

from flows.nodes.base import Data, Emit, Failed, NodeConfig, NodeType
from flows.nodes.values import (
    Cel,
    EventName,
    Values,
    evaluate_values,
    event_key,
    written_values,
)

DAY_S = 86_400
OUTPUT = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "key": {"type": "string"}},
    "required": ["name", "key"],
    "additionalProperties": False,
}


class Config(NodeConfig):
    """The event's name and key, what it carries, and how long it waits to be taken."""

    name: EventName
    key: Cel
    data: Values = Field(default_factory=dict)
    ttl_s: Annotated[float, Field(gt=0, le=90 * DAY_S)] = DAY_S


def run(config: Config, data: Data) -> Emit | Failed:
    """Ask for the event to be sent."""
    key = event_key(config.name, config.key, data)
    if isinstance(key, Failed):
        return key
    return Emit(
        name=config.name,
        key=key,
        data=evaluate_values(config.data, data),
        ttl_s=config.ttl_s,
    )


NODE = NodeType(
    name="emit_event",
    label="Emit event",
    help="Sends an event to the runs that wait for it, or soon will.",
    icon="send-2",
    effect="transactional",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: [
        ("/key", config.key, "cel"),
        *written_values("/data", config.data),
    ],
    output_schema=lambda _config, _input_schema: dict(OUTPUT),
)
