"""The settings of the adapters that talk JSON over HTTP, beside the OpenAI ones."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from model_registry import expressions
from model_registry.adapters.settings import (
    AdapterSettings,
    BaseUrl,
    KeySettings,
    OpenAISettings,
    Prompt,
    Url,
)

IN_BODY = ("input",)
IN_OUTPUT = ("input", "output")
FieldName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,59}$")]
TensorName = Annotated[str, Field(min_length=1, max_length=200)]


def _reads_input(source: str) -> str:
    expressions.compile_expression(source, IN_BODY)
    return source


def _reads_both(source: str) -> str:
    expressions.compile_expression(source, IN_OUTPUT)
    return source


BodyValues = dict[FieldName, Annotated[str, AfterValidator(_reads_input)]]
OutputValues = dict[FieldName, Annotated[str, AfterValidator(_reads_both)]]


class OpenAIEmbeddingsSettings(OpenAISettings):
    """A model that turns texts into vectors, behind the OpenAI protocol.

    `text` is what is sent of an input that holds one thing, `texts` the name of the
    list in an input that holds several texts. `dimensions` asks for shorter vectors.
    """

    text: Prompt | None = None
    texts: FieldName | None = None
    dimensions: Annotated[int, Field(ge=1, le=65_536)] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give one of `text` and `texts`")
        return self


class HttpJsonSettings(KeySettings):
    """A service that answers a POST of JSON with JSON.

    `body` and `output` map names to CEL: `body` reads the model's `input`, `output` that
    and the service's answer, which it calls `output`. Without them the input is sent as
    it is, and the answer is taken as it is. A `health_url` answers GET with 200 to 299
    while all is well.
    """

    url: Url
    key_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,60}$")] = "Authorization"
    body: Annotated[BodyValues, Field(max_length=100)] | None = None
    output: Annotated[OutputValues, Field(min_length=1, max_length=100)] | None = None
    health_url: Url | None = None


class TensorSource(AdapterSettings):
    """Where a tensor comes from: `fields` make one row, `field` holds a whole one.

    A field that holds a single value is a tensor of one entry.
    """

    fields: Annotated[list[str], Field(min_length=1, max_length=10_000)] | None = Field(
        None,
        description='Fields of the input that make one row, as ["amount", "fee"].',
    )
    field: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="Instead: the field of the input that holds a whole one."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.fields is None) == (self.field is None):
            raise ValueError("give one of `fields` and `field`")
        return self


class OipTensorSource(TensorSource):
    """A tensor of the Open Inference Protocol says what its entries are."""

    datatype: Literal[
        "BOOL",
        "UINT8",
        "UINT16",
        "UINT32",
        "UINT64",
        "INT8",
        "INT16",
        "INT32",
        "INT64",
        "FP16",
        "FP32",
        "FP64",
        "BYTES",
    ]


class OipV2Settings(KeySettings):
    """A model behind the Open Inference Protocol v2: KServe, Triton, MLServer.

    `outputs` maps the answer's fields to names of tensors; without it every tensor is a
    field of its own name.
    """

    base_url: BaseUrl
    model: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")]
    model_version: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")] | None = (
        None
    )
    inputs: Annotated[dict[TensorName, OipTensorSource], Field(min_length=1)]
    outputs: Annotated[dict[FieldName, TensorName], Field(min_length=1)] | None = None
