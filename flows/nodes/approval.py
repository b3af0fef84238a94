"""Ask a person, and wait for as long as it takes."""

from typing import Annotated, Any, Literal

from pydantic import Field

from flows.expressions import compile_text
from flows.nodes.base import (
    AskPerson,
    Data,
    NodeConfig,
    NodeType,
    Risk,
    Schema,
    Written,
)
from flows.nodes.values import Values, evaluate_values, written_values

Role = Literal["owner", "admin", "reviewer"]
EVERY_ROLE: list[Role] = ["reviewer", "admin", "owner"]


class Config(NodeConfig):
    """What the person sees and may change, and who may decide.

    `show` is what the decision rests on; `edit` are proposed values that the person may
    correct before approving.
    """

    title: Annotated[
        str, Field(min_length=1, max_length=300, json_schema_extra={"format": "text"})
    ]
    show: Values = Field(default_factory=dict)
    edit: Values = Field(default_factory=dict)
    roles: Annotated[list[Role], Field(min_length=1)] = Field(
        default_factory=EVERY_ROLE.copy
    )
    exclude_starter: bool = False
    risk: Risk = "medium"


def run(config: Config, data: Data) -> AskPerson:
    """Ask; the answer becomes the step's output and its port."""
    return AskPerson(
        title=compile_text(config.title).render(data.variables),
        shown=evaluate_values(config.show, data),
        fields=evaluate_values(config.edit, data),
        roles=tuple(config.roles),
        exclude_starter=config.exclude_starter,
        risk=config.risk,
    )


def expressions(config: Config) -> list[Written]:
    """The title and everything shown or proposed."""
    return [
        ("/title", config.title, "text"),
        *written_values("/show", config.show),
        *written_values("/edit", config.edit),
    ]


def output_schema(config: Config, _input_schema: Schema) -> dict[str, Any]:
    """What the person decided; `fields` are the values as approved."""
    fields = {"type": "object", "properties": {name: {} for name in config.edit}}
    return {
        "type": "object",
        "properties": {
            "outcome": {"enum": ["approved", "rejected"]},
            "edited": {"type": "boolean"},
            "fields": fields,
            "reason": {"type": ["object", "null"]},
            "decided_by": {"type": "string"},
            "approval_id": {"type": "string"},
        },
        "required": ["outcome", "edited", "fields", "reason", "decided_by"],
    }


NODE = NodeType(
    name="approval",
    label="Approval",
    help="Asks a person; goes on by approved or rejected, whenever they decide.",
    icon="user-check",
    effect="transactional",
    config=Config,
    run=run,
    out_ports=lambda _config: ("approved", "rejected"),
    expressions=expressions,
    output_schema=output_schema,
)
