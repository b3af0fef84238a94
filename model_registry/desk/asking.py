"""Asking a version, outside of any run."""

import logging
import time
from dataclasses import dataclass, replace

from model_registry.errors import ModelBusy, ModelCircuitOpen, ModelError
from model_registry.governance import Refusal, Use, refusal
from model_registry.guarding.calls import call
from model_registry.json_values import JsonObject
from model_registry.resolving import ResolvedModel

TIMEOUT_S = 60.0
# The model was not even asked: its limits or its breaker were in the way.
NOT_ASKED = frozenset({ModelBusy.code, ModelCircuitOpen.code})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a version said; `error` is a code and `message` a sentence where nothing."""

    output: JsonObject | None = None
    error: str = ""
    message: str = ""
    cost_usd_micros: int = 0
    latency_ms: int = 0


def ask(
    resolved: ResolvedModel,
    value: JsonObject,
    *,
    data_class: str,
    key: str,
    tag: str,
    takes_drafts: bool = True,
) -> Said:
    """Let the version answer, or say why it did not; nobody stands in for it.

    The model's limits hold, and the call is counted under `tag`.
    """
    use = Use(data_class or None, takes_drafts=takes_drafts)
    began = time.perf_counter()
    try:
        reply = call(
            _alone(resolved),
            value,
            timeout_s=TIMEOUT_S,
            idempotency_key=key,
            tag=tag,
            use=use,
        )
    except ModelError as error:
        return Said(
            error=error.code,
            message=error.message,
            cost_usd_micros=error.cost_usd_micros,
            latency_ms=_since(began),
        )
    except Exception as error:  # whatever a model does, the worker goes on
        logger.exception("%s version %s crashed", resolved.model, resolved.version)
        return Said(
            error="model_crashed",
            message=f"It crashed: {error}",
            latency_ms=_since(began),
        )
    return Said(
        output=reply.output,
        cost_usd_micros=reply.cost_usd_micros,
        latency_ms=_since(began),
    )


def may_ask(
    resolved: ResolvedModel, data_class: str, *, takes_drafts: bool = True
) -> Refusal | None:
    """Why the version must not see such data, if so.

    A draft may be tried and evaluated by its workspace, which is how somebody finds out
    whether to approve it; all that is said about data holds.
    """
    return refusal(
        resolved.governance,
        data_class or None,
        is_external=resolved.is_external,
        takes_drafts=takes_drafts,
    )


def _alone(resolved: ResolvedModel) -> ResolvedModel:
    """The model without those that stand in for it."""
    guard = resolved.guard
    if guard is None:
        return resolved
    limits = replace(guard.limits, fallback=())
    return replace(resolved, guard=replace(guard, limits=limits))


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
