"""The document as pydantic reads it; the published JSON Schema comes from here."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_NODES = 5_000
MAX_EDGES = 20_000
MAX_CONFIG_BYTES = 256_000
MAX_NAME = 200
MAX_TIMEOUT_S = 3600
MAX_ATTEMPTS = 20
MAX_ROUNDS = 1000
MAX_BACKOFF_S = 86_400
MAX_DEADLINE_S = 366 * 86_400
MAX_PRIORITY = 10
MAX_SLOTS = 1000
MAX_EXPRESSION = 2_000
QUEUE_NAME = r"^[a-z][a-z0-9_-]{0,39}$"

Name = Annotated[str, Field(max_length=MAX_NAME)]
NodeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
EdgeId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
QueueName = Annotated[str, Field(pattern=QUEUE_NAME)]
Reference = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, le=MAX_TIMEOUT_S, allow_inf_nan=False)]
Deadline = Annotated[float, Field(gt=0, le=MAX_DEADLINE_S, allow_inf_nan=False)]
FreeObject = dict[str, Any]


class Part(BaseModel):
    """Base: unknown keys are refused and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PositionPart(Part):
    """Where the node stands on the canvas."""

    x: Coordinate = 0
    y: Coordinate = 0


class RetryPart(Part):
    """When a step is tried again, and how long after."""

    attempts: Annotated[
        int, Field(ge=2, le=MAX_ATTEMPTS, description="All tries, the first included.")
    ]
    backoff_s: Annotated[float, Field(ge=0, le=MAX_BACKOFF_S, allow_inf_nan=False)] = (
        1.0
    )
    factor: Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)] = 2.0
    max_backoff_s: Annotated[
        float, Field(ge=0, le=MAX_BACKOFF_S, allow_inf_nan=False)
    ] = 300.0
    on: Annotated[
        list[Word], Field(max_length=50, description="Error codes; none means all.")
    ] = []
    when: Annotated[
        str, Field(max_length=2000, description="CEL over output: true tries again.")
    ] = ""


class OnErrorPart(Part):
    """What a step that failed for good means for its run."""

    action: Literal["fail", "port", "default"]
    output: Annotated[
        FreeObject | None, Field(description="The output that takes the place.")
    ] = None


class NodePart(Part):
    """One node."""

    id: Annotated[NodeId, Field(description="Expressions say steps.<id>.")]
    type: Annotated[Word, Field(description="A node type of the catalogue.")]
    type_version: Annotated[int, Field(ge=1)] = 1
    label: Name = ""
    config: Annotated[
        FreeObject, Field(default_factory=dict, description="Checked by the type.")
    ]
    position: Annotated[PositionPart, Field(default_factory=PositionPart)]
    parent: Annotated[
        NodeId | None, Field(description="The map in whose body the node stands.")
    ] = None
    retry: RetryPart | None = None
    on_error: OnErrorPart | None = None
    timeout_s: Annotated[
        Seconds | None, Field(description="Seconds after which a step fails.")
    ] = None
    queue: Annotated[
        QueueName | None, Field(description="Whose workers carry the step out.")
    ] = None
    ui: Annotated[FreeObject, Field(default_factory=dict, description="Free.")]


class EdgePart(Part):
    """One edge, from an out port to an in port.

    A feedback edge points back to a node that every way to its source passes.
    """

    id: EdgeId
    source: Reference
    source_port: Word = "out"
    target: Reference
    target_port: Word = "in"
    kind: Literal["normal", "feedback"] = "normal"
    max_rounds: Annotated[
        int | None,
        Field(ge=1, le=MAX_ROUNDS, description="Rounds in all; feedback edges only."),
    ] = None


class ConcurrencyPart(Part):
    """How many runs of the flow may go on at once, in all or for each key."""

    limit: Annotated[int, Field(ge=1, le=MAX_SLOTS)]
    key: Annotated[
        str,
        Field(
            max_length=MAX_EXPRESSION,
            description="CEL over `input`: each value has its own limit.",
        ),
    ] = ""
    when_full: Annotated[
        Literal["queue", "replace", "refuse"],
        Field(description="Wait, cancel the older runs and wait, or do not start."),
    ] = "queue"
    hold_while_waiting: Annotated[
        bool, Field(description="Whether a run that only waits counts.")
    ] = True


class SettingsPart(Part):
    """How the flow's runs are carried out."""

    durability: Literal["standard", "express"] = "standard"
    deadline_s: Annotated[
        Deadline | None, Field(description="Seconds after which a run fails.")
    ] = None
    priority: Annotated[int, Field(ge=-MAX_PRIORITY, le=MAX_PRIORITY)] = 0
    concurrency: ConcurrencyPart | None = None


class FlowDocument(Part):
    """A flow in the format baton.flow/1."""

    format: Literal["baton.flow/1"]
    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    input_schema: Annotated[
        FreeObject, Field(description="JSON Schema 2020-12 of type object.")
    ]
    nodes: Annotated[list[NodePart], Field(max_length=MAX_NODES)]
    edges: Annotated[list[EdgePart], Field(max_length=MAX_EDGES)]
    settings: Annotated[SettingsPart, Field(default_factory=SettingsPart)]
    ui: Annotated[
        FreeObject, Field(default_factory=dict, description="Free, for the builder.")
    ]


def schema_document() -> dict[str, Any]:
    """The JSON Schema of the format, as docs/flow.schema.json holds it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FlowDocument.model_json_schema(),
    }
