"""Calling a model within its limits: room, breaker, retries, and others in its place.

A call has one time limit, whatever happens inside it. Source: docs/calling-models.md.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from model_registry import calling
from model_registry.calling import ModelReply
from model_registry.drifting.counting import ANSWERS
from model_registry.errors import (
    Missed,
    ModelAnswerInvalid,
    ModelBusy,
    ModelCircuitOpen,
    ModelError,
    ModelInputInvalid,
    ModelOverloaded,
    ModelTimedOut,
    ModelUnavailable,
    paid,
)
from model_registry.governance import Use
from model_registry.guarding.borrowing import borrowed_connection
from model_registry.guarding.breaker import Breaker
from model_registry.guarding.health import BREAKER_NEWS
from model_registry.guarding.retrying import pause_s
from model_registry.guarding.spending import Spent
from model_registry.guarding.states import STATES, State
from model_registry.guarding.tally import TALLY, Called
from model_registry.json_values import JsonObject
from model_registry.resolving import CHAMPION, Guard, ResolvedModel, resolve
from model_registry.using import check_use

# Nobody said what for.
UNKNOWN = Use()
# What a try needs at least, so that it is worth beginning.
LEAST_S = 0.05
# The model itself is in trouble: this opens its breaker.
TROUBLES = (ModelTimedOut, ModelUnavailable, ModelOverloaded, ModelAnswerInvalid)
# Nothing was asked.
NOT_ASKED = (ModelBusy, ModelCircuitOpen)
NOTHING_CAME = ModelError("")
INSTEAD = (*TROUBLES, *NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, what for and until when; `tag` says what kind of request it is of."""

    value: JsonObject
    idempotency_key: str
    tag: str
    ends: float
    use: Use

    @property
    def left_s(self) -> float:
        """Seconds that are left for the answer."""
        return self.ends - time.monotonic()


def call(
    resolved: ResolvedModel,
    value: JsonObject,
    *,
    timeout_s: float,
    idempotency_key: str,
    tag: str = "",
    use: Use = UNKNOWN,
) -> ModelReply:
    """Let the model answer `value`, or one that stands in for it; blocks.

    Nobody is asked who may not be used for that. Nothing takes the place of a model
    that may not.
    Raises: ModelError, of which `code` and `retryable` say what to do.
    """
    check_use(resolved, use)
    ends = time.monotonic() + timeout_s
    question = Question(value, idempotency_key, tag, ends, use)
    if resolved.guard is None:
        return _ask(resolved, question, timeout_s, is_retry=False)
    if not resolved.guard.limits.fallback:
        return _call_one(resolved, resolved.guard, question)
    return _call_chain(resolved, resolved.guard, question)


def _call_chain(first: ResolvedModel, guard: Guard, question: Question) -> ModelReply:
    spent = Spent()
    try:
        return _call_one(first, guard, question)
    except INSTEAD as error:
        met = error
    spent.add(met)
    missed = [Missed(first.model, first.version, met.code)]
    for name in guard.limits.fallback:
        version = None
        try:
            other = _find_instead(first, name, question)
            version = other.version
            reply = _call_instead(first, other, question)
        except ModelError as error:
            spent.add(error)
            missed.append(Missed(name, version, error.code))
        else:
            return replace(spent.beside(reply), missed=tuple(missed))
    met.missed = tuple(missed)
    spent.charge(met)
    raise met


def _find_instead(first: ResolvedModel, name: str, question: Question) -> ResolvedModel:
    """The version that may answer in the place of the first. Raises: ModelError."""
    if question.left_s < LEAST_S:
        raise ModelTimedOut(f"No time was left to ask {name}.")
    with borrowed_connection():
        other = resolve(first.workspace_id, name, CHAMPION)
    check_use(other, question.use)
    if other.queue:
        raise ModelUnavailable(
            f"{name} is called by the workers of the queue {other.queue}."
        )
    return other


def _call_instead(
    first: ResolvedModel, other: ResolvedModel, question: Question
) -> ModelReply:
    """Hold the answer of another model to what the first promised."""
    if other.guard is None:
        reply = _ask(other, question, question.left_s, is_retry=False)
    else:
        reply = _call_one(other, other.guard, question)
    with paid(reply.usage, reply.cost_usd_micros):
        calling.check_output(first, reply.output)
    return reply


def _call_one(resolved: ResolvedModel, guard: Guard, question: Question) -> ModelReply:
    state, retry, spent = STATES.of(resolved, guard), 0, Spent()
    state.budget.earn()
    while True:
        try:
            reply = _try(resolved, guard, question, state, is_retry=retry > 0)
        except ModelError as error:
            spent.add(error)
            pause = pause_s(retry)
            is_worth = retry < guard.limits.retries and _may_pass(error)
            in_time = question.left_s > pause + LEAST_S
            if not (is_worth and in_time and state.budget.spend()):
                spent.charge(error)
                raise
        else:
            return spent.beside(reply)
        time.sleep(pause)
        retry += 1


def _may_pass(error: ModelError) -> bool:
    return error.retryable and isinstance(error, TROUBLES)


def _try(
    resolved: ResolvedModel,
    guard: Guard,
    question: Question,
    state: State,
    *,
    is_retry: bool,
) -> ModelReply:
    """One try, if the breaker lets it and there is room."""
    limits, breaker, ok, code = guard.limits, state.breaker, None, ""
    was_closed = breaker.state == "closed"
    if not breaker.admits():
        raise _circuit_open(resolved, breaker)
    try:
        with _room(resolved, guard, question, state):
            if was_closed and breaker.state != "closed":
                raise _circuit_open(resolved, breaker)  # while there was no room
            left_s = min(question.left_s, limits.timeout_s or question.left_s)
            if left_s <= 0:
                raise ModelBusy(f"No time was left to ask {resolved.model}.")
            reply = _ask(resolved, question, left_s, is_retry=is_retry)
        ok = True
    except TROUBLES as error:
        ok, code = False, error.code
        raise
    except (*NOT_ASKED, ModelInputInvalid):
        raise
    except ModelError:
        ok = True  # it answered, if not as one might wish
        raise
    finally:
        if breaker.report(ok=ok):
            BREAKER_NEWS.put(resolved, breaker, code)
    return reply


def _circuit_open(resolved: ResolvedModel, breaker: Breaker) -> ModelCircuitOpen:
    return ModelCircuitOpen(
        f"{resolved.model} version {resolved.version} kept failing; it is asked "
        f"again in {breaker.left_s:.0f} s."
    )


@contextmanager
def _room(
    resolved: ResolvedModel, guard: Guard, question: Question, state: State
) -> Iterator[None]:
    if not guard.limits.has_room_limits:
        yield
        return
    with state.room.entered(resolved.model, guard.limits, question.ends):
        yield


def _ask(
    resolved: ResolvedModel, question: Question, timeout_s: float, *, is_retry: bool
) -> ModelReply:
    """Ask once, and count it."""
    began = time.perf_counter()
    try:
        reply = calling.call(
            resolved,
            question.value,
            timeout_s=timeout_s,
            idempotency_key=question.idempotency_key,
        )
    except ModelInputInvalid:
        raise
    except Exception as error:
        took_s = time.perf_counter() - began
        came = error if isinstance(error, ModelError) else NOTHING_CAME
        TALLY.add(
            Called(
                resolved.version_id,
                question.tag,
                took_s,
                is_error=True,
                is_retry=is_retry,
                cost_usd_micros=came.cost_usd_micros,
                usage=came.usage,
            )
        )
        raise
    took_s = time.perf_counter() - began
    ANSWERS.add(resolved, question.tag, question.value, reply.output)
    TALLY.add(
        Called(
            resolved.version_id,
            question.tag,
            took_s,
            is_retry=is_retry,
            cost_usd_micros=reply.cost_usd_micros,
            usage=reply.usage,
        )
    )
    return reply
