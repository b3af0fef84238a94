"""Looking at a version from outside: could it be called, and what does it take."""

import time

from model_registry.adapters.base import Health, TellsSchemas
from model_registry.errors import ModelError
from model_registry.hiding import hiding
from model_registry.loading import adapter_of, request_for
from model_registry.resolving import ResolvedModel

TIMEOUT_S = 10.0


def check_health(resolved: ResolvedModel, *, timeout_s: float = TIMEOUT_S) -> Health:
    """Look whether a version could be called; blocks, and asks it nothing."""
    began = time.perf_counter()
    try:
        adapter = adapter_of(resolved).load_module()
        with hiding() as secrets:
            told = adapter.health(request_for(resolved), timeout_s)
        found, ok = secrets.text_without(told), True
    except ModelError as error:
        found, ok = error.message, False
    took_ms = (time.perf_counter() - began) * 1000
    return Health(ok=ok, message=found, latency_ms=took_ms)


def tell_schemas(
    resolved: ResolvedModel, *, timeout_s: float = TIMEOUT_S
) -> TellsSchemas | None:
    """What a version itself says that it takes and gives; None if it cannot tell.

    Raises: ModelError if it cannot be asked.
    """
    adapter = adapter_of(resolved).load_module()
    with hiding() as secrets:
        told = adapter.schema(request_for(resolved), timeout_s)
    if told is None:
        return None
    return TellsSchemas(
        input=told.input and secrets.output_without(told.input),
        output=told.output and secrets.output_without(told.output),
    )
