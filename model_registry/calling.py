"""Calling a resolved model: check the question, ask, check the answer."""

import atexit
import threading
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from model_registry import loading
from model_registry.adapters.base import AdapterCall, AdapterReply, LoadedModel
from model_registry.child import ComputeCall, ModelChild
from model_registry.errors import ModelInputInvalid, ModelOutputInvalid
from model_registry.json_values import JsonObject
from model_registry.resolving import ResolvedModel
from model_registry.schemas import CompiledSchema

# A version is loaded for its workspace, by its digest.
Loaded = tuple[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """An answer that fits the model's output schema, and what it cost."""

    output: JsonObject
    model: str
    version: int
    cost_usd_micros: int
    usage: dict[str, int] = field(default_factory=dict)


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
            module=loading.adapter_of(resolved).computes,
            settings=resolved.settings,
            model_dir=settings.MODEL_DIR,
            input=question.input,
            timeout_s=question.timeout_s,
            name=question.idempotency_key,
        )
    )
    return AdapterReply(output=output)


def _wrong(schema: CompiledSchema, value: JsonObject) -> str:
    return "; ".join(map(str, schema.mismatches(value)))
