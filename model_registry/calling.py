"""Calling a resolved model: check the question, ask, check the answer."""

import atexit
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from model_registry import loading
from model_registry.adapters.base import AdapterCall, AdapterReply, LoadedModel
from model_registry.child import ComputeCall, ModelChild
from model_registry.errors import (
    Missed,
    ModelAnswerInvalid,
    ModelError,
    ModelInputInvalid,
    ModelOutputInvalid,
    paid,
)
from model_registry.facts import PriceTerms
from model_registry.hiding import hiding
from model_registry.json_values import JsonObject, canonical
from model_registry.pricing import cost_usd_micros
from model_registry.resolving import ResolvedModel
from model_registry.schemas import CompiledSchema
from orchestrator_site.egress.api import answers_up_to

# A version is loaded for its workspace, by its digest.
Loaded = tuple[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """An answer that fits the model's output schema, and what it cost.

    `missed` are those that were asked before and gave none.
    """

    output: JsonObject
    model: str
    version: int
    cost_usd_micros: int
    usage: dict[str, int] = field(default_factory=dict)
    missed: tuple[Missed, ...] = ()


class Loader:
    """Keeps what it loaded; two threads never load the same version twice.

    What workspaces have in common is loaded for each: it reads their own credentials.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[Loaded, LoadedModel] = {}

    def load(self, resolved: ResolvedModel) -> LoadedModel:
        """Give the callable of a version.

        Raises: ModelUnavailable.
        """
        key = (resolved.workspace_id, resolved.digest)
        found = self._loaded.get(key)
        if found is not None:
            return found
        with self._lock:
            if key not in self._loaded:
                self._loaded[key] = loading.load(resolved)
            return self._loaded[key]


@dataclass(frozen=True, slots=True)
class Schemas:
    """What goes in and what comes out."""

    input: CompiledSchema
    output: CompiledSchema


class SchemaCache:
    """Compiled schemas by digest of the version, which covers them."""

    def __init__(self) -> None:
        self._compiled: dict[str, Schemas] = {}

    def of(self, resolved: ResolvedModel) -> Schemas:
        """Give the schemas of a version."""
        found = self._compiled.get(resolved.digest)
        if found is None:
            found = Schemas(
                CompiledSchema(resolved.input_schema),
                CompiledSchema(resolved.output_schema),
            )
            self._compiled[resolved.digest] = found
        return found


_LOADER = Loader()
_SCHEMAS = SchemaCache()
_CHILD = ModelChild()
close_child, stop_call = _CHILD.close, _CHILD.stop_call
atexit.register(close_child)


def call(
    resolved: ResolvedModel,
    value: JsonObject,
    *,
    timeout_s: float,
    idempotency_key: str,
) -> ModelReply:
    """Let the model answer `value`, asking it once; blocks, from any thread.

    Raises: ModelError, of which `code` and `retryable` say what to do, and
    `cost_usd_micros` what an answer has cost that is none.
    """
    schemas = _SCHEMAS.of(resolved)
    if wrong := _wrong(schemas.input, value):
        raise ModelInputInvalid(f"The input does not fit {resolved.model}: {wrong}.")
    question = AdapterCall(
        input=value, timeout_s=timeout_s, idempotency_key=idempotency_key
    )
    price = resolved.price_at(datetime.now(UTC)) if resolved.prices else None
    try:
        reply = _answer_in_size(resolved, question)
    except ModelError as error:
        if error.usage:
            error.cost_usd_micros = _cost(error, price)
        raise
    cost = _cost(reply, price)
    with paid(reply.usage, cost):
        check_output(resolved, reply.output)
    return ModelReply(
        output=reply.output,
        model=resolved.model,
        version=resolved.version,
        cost_usd_micros=cost,
        usage=reply.usage,
    )


def check_output(resolved: ResolvedModel, output: JsonObject) -> None:
    """Hold an answer to what the model promises. Raises: ModelOutputInvalid."""
    if wrong := _wrong(_SCHEMAS.of(resolved).output, output):
        raise ModelOutputInvalid(
            f"The answer of {resolved.model} version {resolved.version} does not fit "
            f"the model's output schema: {wrong}."
        )


def _cost(reply: AdapterReply | ModelError, price: PriceTerms | None) -> int:
    """By the price on record as the call began; else as the adapter knows it."""
    if price is None:
        return reply.cost_usd_micros
    tokens = cost_usd_micros(
        input_tokens=reply.usage.get("input_tokens", 0),
        output_tokens=reply.usage.get("output_tokens", 0),
        input_usd_per_million=price.input_usd_per_million,
        output_usd_per_million=price.output_usd_per_million,
    )
    return price.usd_micros_per_call + tokens


def _answer_in_size(resolved: ResolvedModel, question: AdapterCall) -> AdapterReply:
    max_bytes = resolved.guard.limits.max_answer_bytes if resolved.guard else None
    if max_bytes is None:
        return _answer(resolved, question)
    with answers_up_to(max_bytes):
        reply = _answer(resolved, question)
    with paid(reply.usage, reply.cost_usd_micros):
        if len(canonical(reply.output).encode()) > max_bytes:
            raise ModelAnswerInvalid(f"The answer has more than {max_bytes} bytes.")
    return reply


def _answer(resolved: ResolvedModel, question: AdapterCall) -> AdapterReply:
    if resolved.runs != "cpu":
        with hiding() as secrets:
            reply = _LOADER.load(resolved)(question)
        output = secrets.output_without(reply.output)
        return reply if output is reply.output else replace(reply, output=output)
    output = _CHILD.call(
        ComputeCall(
            key=resolved.digest,
            module=loading.adapter_of(resolved).computes,
            settings=resolved.settings,
            model_dir=loading.model_dir_of(resolved),
            input=question.input,
            timeout_s=question.timeout_s,
            name=question.idempotency_key,
        )
    )
    return AdapterReply(output=output)


def _wrong(schema: CompiledSchema, value: JsonObject) -> str:
    return "; ".join(map(str, schema.mismatches(value)))
