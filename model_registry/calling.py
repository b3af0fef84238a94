"""Calling a resolved model: check the question, ask, check the answer."""

import atexit
import threading
from dataclasses import dataclass, field

from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    LoadedModel,
    LoadRequest,
)
from model_registry.adapters.registry import adapter_names, find_adapter
from model_registry.child import ComputeCall, ModelChild
from model_registry.errors import (
    ModelInputInvalid,
    ModelOutputInvalid,
    ModelUnavailable,
)
from model_registry.json_values import JsonObject
from model_registry.resolving import ResolvedModel
from model_registry.schemas import CompiledSchema
from orchestrator_site.egress.api import installation_allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """An answer that fits the model's output schema, and what it cost."""

    output: JsonObject
    model: str
    version: int
    cost_usd_micros: int
    usage: dict[str, int] = field(default_factory=dict)


class Loader:
    """Keeps what it loaded; two threads never load the same version twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[str, LoadedModel] = {}

    def load(self, resolved: ResolvedModel) -> LoadedModel:
        """Give the callable of a version.

        Raises: ModelUnavailable.
        """
        found = self._loaded.get(resolved.digest)
        if found is not None:
            return found
        with self._lock:
            if resolved.digest not in self._loaded:
                self._loaded[resolved.digest] = _load(resolved)
            return self._loaded[resolved.digest]


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
    """Let the model answer `value`; blocks, from any thread.

    Raises: ModelError, of which `code` and `retryable` say what to do.
    """
    schemas = _SCHEMAS.of(resolved)
    if wrong := _wrong(schemas.input, value):
        raise ModelInputInvalid(f"The input does not fit {resolved.model}: {wrong}.")
    question = AdapterCall(
        input=value, timeout_s=timeout_s, idempotency_key=idempotency_key
    )
    reply = _answer(resolved, question)
    if wrong := _wrong(schemas.output, reply.output):
        raise ModelOutputInvalid(
            f"The answer of {resolved.model} version {resolved.version} does not fit "
            f"the model's output schema: {wrong}."
        )
    return ModelReply(
        output=reply.output,
        model=resolved.model,
        version=resolved.version,
        cost_usd_micros=reply.cost_usd_micros,
        usage=reply.usage,
    )


def _answer(resolved: ResolvedModel, question: AdapterCall) -> AdapterReply:
    if resolved.runs != "cpu":
        return _LOADER.load(resolved)(question)
    output = _CHILD.call(
        ComputeCall(
            key=resolved.digest,
            settings=resolved.settings,
            input=question.input,
            timeout_s=question.timeout_s,
            name=question.idempotency_key,
        )
    )
    return AdapterReply(output=output)


def _load(resolved: ResolvedModel) -> LoadedModel:
    adapter = find_adapter(resolved.adapter)
    if adapter is None:
        raise ModelUnavailable(
            f"{resolved.model} version {resolved.version} needs the adapter "
            f"{resolved.adapter!r}; there are {adapter_names()}."
        )
    return adapter.load_module().load(
        LoadRequest(
            settings=resolved.settings,
            output_schema=resolved.output_schema,
            allowance=installation_allowance(),
            runs=resolved.runs,
        )
    )


def _wrong(schema: CompiledSchema, value: JsonObject) -> str:
    return "; ".join(map(str, schema.mismatches(value)))
