"""Calls that leave the conductor's thread: to threads, or to the models' own process."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections

from flows.conductor.asking import (
    Opened,
    close_approvals,
    open_approval,
    withdraw_leftovers,
)
from flows.conductor.children import Order, Prepared, prepare_child
from flows.conductor.fetching import Errand, HoldingInDoubt, fetch
from flows.conductor.held import Outcome, failed
from flows.conductor.lease import Lease
from flows.conductor.persons import question_for
from flows.nodes.base import AskPerson, CallModel
from model_registry import api as registry

THREADS = 256
# Approvals do not queue behind calls, and each of their threads takes a connection.
APPROVAL_THREADS = 2
RETRY_S = 0.5
LOST = (OperationalError, InterfaceError)
Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A call of one step. `epoch` tells late answers from current ones.

    `idempotency_key` is the same for every attempt at the step; figures are kept by
    `tag`; `label` is the node's.
    """

    run_id: UUID
    epoch: int
    address: str
    workspace_id: UUID
    call: CallModel
    use: registry.Use
    timeout_s: float
    idempotency_key: str
    tag: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A step that asks a person."""

    run_id: UUID
    epoch: int
    address: str
    label: str
    asked: AskPerson


class Completion(NamedTuple):
    """A call that has ended, well or badly."""

    run_id: UUID
    epoch: int
    address: str
    outcome: Outcome


Delivery = Completion | Opened | Prepared


class Executor:
    """Performs calls and delivers their completions, in any order."""

    def __init__(self, deliver: Callable[[Delivery], None], lease: Lease) -> None:
        self._deliver, self._lease = deliver, lease
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="call")
        self._people = ThreadPoolExecutor(APPROVAL_THREADS, thread_name_prefix="ask")
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._busy = 0

    @property
    def free(self) -> int:
        """How many more calls may begin without waiting for another to end."""
        return THREADS - self._busy

    def start(self, ticket: Ticket) -> bool:
        """Begin a call. Returns: whether it has ended, as where a model runs in the loop."""
        call = ticket.call
        try:
            resolved = registry.resolve(ticket.workspace_id, call.model, call.alias)
        except registry.ModelError as error:
            self._finish(ticket, failed(error.code, error.message))
            return True
        if resolved.person is not None:
            self._people.submit(self._ask_instead, resolved, ticket)
            return False
        if resolved.runs == "loop" and resolved.guard is None:
            self._finish(ticket, perform(resolved, ticket))
            return True
        self._submit(lambda: self._finish(ticket, perform(resolved, ticket)))
        return False

    def ask(self, question: Question) -> None:
        """Open an approval, on a thread since it is a transaction of its own."""
        self._people.submit(self._ask, question)

    def fetch(self, errand: Errand) -> None:
        """Perform an HTTP request."""
        self._submit(partial(self._fetch, errand))

    def prepare(self, order: Order) -> None:
        """Make a child run ready, on a thread since it reads and checks."""
        self._people.submit(self._prepare, order)

    def close_approvals(
        self, run_id: UUID, decided: list[str], unasked: list[str], *, is_over: bool
    ) -> None:
        """Bring a run's approvals in line with what is now stored of it."""
        work = partial(close_approvals, run_id, decided, unasked, is_over=is_over)
        self._people.submit(tidy, work)

    def withdraw_leftovers(self) -> None:
        """Withdraw what runs still ask that have ended."""
        self._people.submit(tidy, withdraw_leftovers)

    def _ask(self, question: Question) -> None:
        self._deliver_when_possible(lambda: open_question(question))

    def _ask_instead(self, resolved: registry.ResolvedModel, ticket: Ticket) -> None:
        self._deliver_when_possible(lambda: ask_person(resolved, ticket))

    def _prepare(self, order: Order) -> None:
        self._deliver_when_possible(lambda: carry_out(order))

    def _fetch(self, errand: Errand) -> None:
        """Send it, unless its run is another worker's by now."""
        where, holder = (errand.run_id, errand.epoch, errand.address), errand.holder
        still_holds = partial(self._lease.still_holds, holder)
        self._deliver_when_possible(
            lambda: Completion(*where, fetch(errand, still_holds)),
            is_wanted=lambda: self._lease.worker_id == holder,
        )

    def _deliver_when_possible(
        self, work: Callable[[], Delivery], is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Do it as soon as database and lease let it; else the next holder does."""
        while is_wanted() and not self._stopping.is_set():
            try:
                done = in_own_connection(work)
            except (*LOST, HoldingInDoubt) as error:
                logger.warning("That has to wait: %s", error)
                self._stopping.wait(RETRY_S)
            else:
                self._deliver(done)
                return

    def stop(self) -> None:
        """Take no more calls; whoever still waits for one is not waited for."""
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._people.shutdown()
        registry.close_child()

    def _submit(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._busy += 1
        self._pool.submit(self._work, work)

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._busy -= 1

    def _finish(self, ticket: Ticket, outcome: Outcome) -> None:
        self._deliver(Completion(ticket.run_id, ticket.epoch, ticket.address, outcome))


def look_up(
    workspace_id: UUID, model: str, alias: str
) -> registry.ResolvedModel | None:
    """The model that a call is for; None if there is none, which the call will say."""
    try:
        return registry.resolve(workspace_id, model, alias)
    except registry.ModelError:
        return None


def in_own_connection(work: Callable[[], Result]) -> Result:
    """Do what needs the database, and give the thread's connection back."""
    try:
        return work()
    finally:
        connections.close_all()


def tidy(work: Callable[[], None]) -> None:
    """Do what `withdraw_leftovers` makes good later if it fails now."""
    try:
        in_own_connection(work)
    except Exception:  # on a pool's thread an error is seen by nobody
        logger.exception("Approvals could not be brought in line with their runs")


def open_question(question: Question) -> Completion | Opened:
    """Open an approval; what goes wrong is the step's error.

    Raises: one of LOST while the database cannot be reached.
    """
    try:
        return open_approval(
            question.run_id,
            question.epoch,
            question.address,
            question.label,
            question.asked,
        )
    except LOST:
        raise
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("No approval for %s", question.address)
        outcome = failed("approval_not_opened", f"Nobody could be asked: {error}")
        return Completion(question.run_id, question.epoch, question.address, outcome)


def ask_person(resolved: registry.ResolvedModel, ticket: Ticket) -> Completion | Opened:
    """Open an approval in place of a call, if whoever is asked may see the data.

    Raises: one of LOST while the database cannot be reached.
    """
    where = (ticket.run_id, ticket.epoch, ticket.address)
    if refused := registry.refusal_of(resolved, ticket.use):
        said = f"{resolved.model} was not asked. {refused.message}"
        return Completion(*where, failed(refused.code, said))
    asked = question_for(resolved, ticket.call.input, ticket.label, ticket.workspace_id)
    if asked is None:
        said = f"{resolved.model} cannot be asked: nobody here may decide for it."
        return Completion(*where, failed("model_person_cannot_decide", said))
    return open_question(Question(*where, ticket.label, asked))


def carry_out(order: Order) -> Completion | Prepared:
    """Make a child run ready; what goes wrong is the step's error.

    Raises: one of LOST while the database cannot be reached.
    """
    try:
        prepared = prepare_child(order)
    except LOST:
        raise
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("No child run for %s", order.address)
        prepared = failed("subflow_not_started", f"No run could be started: {error}")
    if isinstance(prepared, Prepared):
        return prepared
    return Completion(order.run_id, order.epoch, order.address, prepared)


def perform(resolved: registry.ResolvedModel, ticket: Ticket) -> Outcome:
    """Call a model; whatever goes wrong is the step's error, with a code."""
    started_at, started = datetime.now(UTC), time.perf_counter()
    try:
        reply = registry.call(
            resolved,
            ticket.call.input,
            use=ticket.use,
            timeout_s=ticket.timeout_s,
            idempotency_key=ticket.idempotency_key,
            tag=ticket.tag,
        )
        outcome = _answered(reply)
    except registry.ModelError as error:
        outcome = failed(error.code, error.message)
        outcome.cost_usd_micros = error.cost_usd_micros
        outcome.facts = _used(error.usage) | _missed(error.missed)
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("%s of run %s crashed", ticket.address, ticket.run_id)
        outcome = failed("model_crashed", f"{resolved.model} crashed: {error}")
    if outcome.model is None:
        outcome.model, outcome.model_version = resolved.model, resolved.version
    outcome.started_at = started_at
    outcome.duration_ms = round((time.perf_counter() - started) * 1000)
    return outcome


def _answered(reply: registry.ModelReply) -> Outcome:
    """The outcome of a call that was answered, by whichever model of its chain."""
    return Outcome(
        output=reply.output,
        port="out",
        model=reply.model,
        model_version=reply.version,
        cost_usd_micros=reply.cost_usd_micros,
        facts=_used(reply.usage) | _missed(reply.missed),
    )


def _used(usage: Mapping[str, int]) -> dict[str, Any]:
    """The fact that tokens were used, if that is known."""
    return {"usage": dict(usage)} if usage else {}


def _missed(missed: Sequence[registry.Missed]) -> dict[str, Any]:
    """The fact that models of a chain gave no answer, if there were any."""
    return {"missed": [each._asdict() for each in missed]} if missed else {}
