"""Calls that leave the conductor's thread: to threads, or to the models' own process."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from flows.conductor.held import Outcome, failed
from flows.nodes.base import CallModel
from model_registry import api as registry

THREADS = 64

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A call of one step. `epoch` tells late answers from current ones."""

    run_id: UUID
    epoch: int
    address: str
    workspace_id: UUID
    call: CallModel
    timeout_s: float

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt at the same step of the same run."""
        return f"{self.run_id}/{self.address}"


class Completion(NamedTuple):
    """A call that has ended, well or badly."""

    run_id: UUID
    epoch: int
    address: str
    outcome: Outcome


class Executor:
    """Performs calls and delivers their completions, in any order."""

    def __init__(self, deliver: Callable[[Completion], None]) -> None:
        self._deliver = deliver
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="call")

    def start(self, ticket: Ticket) -> None:
        """Begin a call; a model that runs in the loop has answered on return."""
        call = ticket.call
        try:
            resolved = registry.resolve(ticket.workspace_id, call.model, call.alias)
        except registry.ModelError as error:
            self._finish(ticket, failed(error.code, error.message))
            return
        if resolved.runs == "loop":
            self._finish(ticket, perform(resolved, ticket))
        else:
            self._pool.submit(lambda: self._finish(ticket, perform(resolved, ticket)))

    def stop(self) -> None:
        """Take no more calls; whoever still waits for one is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        registry.close_child()

    def _finish(self, ticket: Ticket, outcome: Outcome) -> None:
        self._deliver(Completion(ticket.run_id, ticket.epoch, ticket.address, outcome))


def perform(resolved: registry.ResolvedModel, ticket: Ticket) -> Outcome:
    """Call a model; whatever goes wrong is the step's error, with a code."""
    started_at, started = timezone.now(), time.perf_counter()
    try:
        reply = registry.call(
            resolved,
            ticket.call.input,
            timeout_s=ticket.timeout_s,
            idempotency_key=ticket.idempotency_key,
        )
        outcome = Outcome(
            output=reply.output, port="out", cost_usd_micros=reply.cost_usd_micros
        )
    except registry.ModelError as error:
        outcome = failed(error.code, error.message)
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("%s of run %s crashed", ticket.address, ticket.run_id)
        outcome = failed("model_crashed", f"{resolved.model} crashed: {error}")
    outcome.model, outcome.model_version = resolved.model, resolved.version
    outcome.started_at = started_at
    outcome.duration_ms = round((time.perf_counter() - started) * 1000)
    return outcome
