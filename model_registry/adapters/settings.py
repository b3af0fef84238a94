"""The settings of each adapter, as a manifest gives them."""

import re
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from model_registry import prompts, schemas
from model_registry.json_values import JsonObject

KEY_NAME = re.compile(r"(?!BATON_)[A-Z][A-Z0-9_]*_(KEY|TOKEN)")


class AdapterSettings(BaseModel):
    """Base: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PythonEntryPointSettings(AdapterSettings):
    """A factory that an installed package offers, and what it is given."""

    entry_point: Annotated[str, Field(min_length=1, max_length=100)]
    options: dict[str, Any] = {}


def _base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = (
            parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        )
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be an address such as https://models.example/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must hold no user, password, query or fragment")
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


class Price(AdapterSettings):
    """What a million tokens cost in US dollars."""

    input_usd_per_million: Annotated[Decimal, Field(ge=0, le=1_000_000)]
    output_usd_per_million: Annotated[Decimal, Field(ge=0, le=1_000_000)]


class OpenAIChatSettings(AdapterSettings):
    """A chat model behind the OpenAI protocol, held to a JSON Schema."""

    base_url: Annotated[str, AfterValidator(_base_url)]
    model: Annotated[str, Field(min_length=1, max_length=200)]
    api_key_env: Annotated[str, AfterValidator(_key_name)] | None = None
    system: Annotated[str, Field(max_length=20_000)] | None = None
    prompt: Annotated[
        str, Field(min_length=1, max_length=20_000), AfterValidator(_prompt)
    ]
    response_schema: Annotated[JsonObject, AfterValidator(_schema)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=100_000)] = 1024
    price: Price | None = None
