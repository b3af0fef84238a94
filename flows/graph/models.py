"""The document as pydantic reads it; the published JSON Schema comes from here."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_NODES = 500
MAX_EDGES = 2000
MAX_NAME = 200
MAX_TIMEOUT_S = 3600

Name = Annotated[str, Field(max_length=MAX_NAME)]
NodeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
EdgeId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Reference = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, le=MAX_TIMEOUT_S, allow_inf_nan=False)]
FreeObject = dict[str, Any]


class Part(BaseModel):
    """Base: unknown keys are refused and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PositionPart(Part):
    """Where the node stands on the canvas."""

    x: Coordinate = 0
    y: Coordinate = 0


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
    timeout_s: Annotated[
        Seconds | None, Field(description="Seconds after which a step fails.")
    ] = None
    ui: Annotated[FreeObject, Field(default_factory=dict, description="Free.")]


class EdgePart(Part):
    """One edge, from an out port to an in port."""

    id: EdgeId
    source: Reference
    source_port: Word = "out"
    target: Reference
    target_port: Word = "in"


class FlowDocument(Part):
    """A flow in the format baton.flow/1."""

    format: Literal["baton.flow/1"]
    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    input_schema: Annotated[
        FreeObject, Field(description="JSON Schema 2020-12 of type object.")
    ]
    nodes: Annotated[list[NodePart], Field(max_length=MAX_NODES)]
    edges: Annotated[list[EdgePart], Field(max_length=MAX_EDGES)]
    ui: Annotated[
        FreeObject, Field(default_factory=dict, description="Free, for the builder.")
    ]


def schema_document() -> dict[str, Any]:
    """The JSON Schema of the format, as docs/flow.schema.json holds it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FlowDocument.model_json_schema(),
    }
