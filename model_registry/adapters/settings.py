"""The settings of each adapter, as a manifest gives them."""

import re
from decimal import Decimal
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from model_registry import prompts, schemas
from model_registry.facts import SLUG
from model_registry.json_values import JsonObject

KEY_NAME = re.compile(r"(?!BATON_)[A-Z][A-Z0-9_]*_(KEY|TOKEN)")


class AdapterSettings(BaseModel):
    """Base: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PythonEntryPointSettings(AdapterSettings):
    """A factory that an installed package offers, and what it is given."""

    entry_point: Annotated[str, Field(min_length=1, max_length=100)]
    options: dict[str, Any] = {}


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = (
            parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        )
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be an address such as https://models.example/v1")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("must hold no user, password or fragment")
    return value


def _base_url(value: str) -> str:
    if "?" in _url(value):
        raise ValueError("must hold no query; a path is added to it")
    return value.rstrip("/")


def _key_name(value: str) -> str:
    if not KEY_NAME.fullmatch(value):
        raise ValueError(
            "must name an environment variable that ends in _KEY or _TOKEN and does "
            "not start with BATON_; the key itself never stands in a manifest"
        )
    return value


def _prompt(value: str) -> str:
    if wrong := prompts.unknown_placeholders(value):
        raise ValueError(f"holds {wrong[0]}; only {{{{ input.name }}}} is filled in")
    return value


def _schema(value: JsonObject) -> JsonObject:
    if problem := schemas.schema_problem(value):
        raise ValueError(problem)
    return value


Url = Annotated[str, AfterValidator(_url)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Prompt = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_prompt)]


class KeySettings(AdapterSettings):
    """Where the key for a server is: in the environment, or a stored credential."""

    api_key_env: Annotated[str, AfterValidator(_key_name)] | None = None
    credential: Annotated[str, Field(pattern=SLUG)] | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.api_key_env and self.credential:
            raise ValueError("give one of `api_key_env` and `credential`, not both")
        return self

    @property
    def key_name(self) -> str:
        """What the reader of secrets is asked for; empty if no key is needed."""
        return self.credential or self.api_key_env or ""


class Price(AdapterSettings):
    """What a million tokens cost in US dollars."""

    input_usd_per_million: Annotated[Decimal, Field(ge=0, le=1_000_000)]
    output_usd_per_million: Annotated[Decimal, Field(ge=0, le=1_000_000)]


class OpenAISettings(KeySettings):
    """A model of a server that speaks the OpenAI protocol."""

    base_url: BaseUrl
    model: Annotated[str, Field(min_length=1, max_length=200)]
    price: Price | None = None


class OpenAIChatSettings(OpenAISettings):
    """A chat model behind the OpenAI protocol, held to a JSON Schema.

    With `stream` the answer is taken in pieces, for servers behind a proxy that cuts
    connections on which nothing is said; only a whole answer counts.
    """

    system: Annotated[str, Field(max_length=20_000)] | None = None
    prompt: Prompt
    response_schema: Annotated[JsonObject, AfterValidator(_schema)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=100_000)] = 1024
    stream: bool = False
