"""Carrying out what `plan` asks for, up to the calls that have to wait for a commit."""

import logging
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from flows.conductor import clock
from flows.conductor.apart import begin_item, finish_item
from flows.conductor.children import child_run_id, starts_run
from flows.conductor.ending import apply, finish_step
from flows.conductor.held import (
    WORKER,
    Flight,
    HeldRun,
    Outcome,
    failed,
    limit_of,
)
from flows.conductor.items import begin_map, collect_items, item_failure
from flows.conductor.reasons import reason
from flows.conductor.remote.requests import find_queue
from flows.conductor.rows import OutboxRow, SignalRow
from flows.conductor.staging.record import commit_of
from flows.conductor.staging.remotes import stage_remote
from flows.conductor.staging.runs import (
    stage_cancelled_run,
    stage_completed_run,
    stage_failed_run,
)
from flows.conductor.staging.steps import (
    stage_cancel_request,
    stage_cancelled,
    stage_detached,
    stage_started,
)
from flows.conductor.staging.waits import send, stage_wait
from flows.conductor.store import DATABASE_ERRORS
from flows.engine.events import (
    CancelRequested,
    CancelRun,
    CancelStep,
    Command,
    CompleteRun,
    DeadlinePassed,
    FailMap,
    FailRun,
    FinishMap,
    SkipStep,
    StartStep,
    StepCancelled,
)
from flows.engine.state import is_item
from flows.expressions import ExpressionFailed
from flows.nodes.base import (
    CallModel,
    Done,
    Emit,
    Failed,
    Fetch,
    ForEach,
    Result,
    WaitFor,
)
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import store

# Others have their turn, and a commit its size, however many items a run maps.
STEPS_A_TURN = 500
MAX_MESSAGE_ID = 200

logger = logging.getLogger(__name__)


def advance(run: HeldRun) -> None:
    """Work through the run's agenda; calls are collected in `run.calls`.

    A paused run begins nothing, but what ends in it is still recorded. One that has
    staged as much as a commit should hold leaves for its next turn what a later holder
    finds on the agenda again: never what is given up, nor the end of the run.
    """
    held_back: list[Command] = []
    while run.agenda:
        command = run.agenda.popleft()
        begins = isinstance(command, StartStep)
        if (run.is_paused and begins) or (_is_full(run) and _can_wait(command)):
            held_back.append(command)
        else:
            _carry_out(run, command)
    run.agenda.extend(held_back)


def _is_full(run: HeldRun) -> bool:
    return run.staged is not None and len(run.staged.by_step) >= STEPS_A_TURN


def _can_wait(command: Command) -> bool:
    return isinstance(command, StartStep | FinishMap | FailMap)


def give_up_cancelled(run: HeldRun) -> None:
    """Give up the steps that are to be cancelled, before anything else comes for them."""
    cancelled = [each for each in run.agenda if isinstance(each, CancelStep)]
    if cancelled:
        rest = [each for each in run.agenda if not isinstance(each, CancelStep)]
        run.agenda = deque(rest)
        for command in cancelled:
            _give_up(run, command.address)


def cancel(run: HeldRun, actor: str) -> None:
    """Put the end of the run on its agenda."""
    run.cancelled_by = actor
    apply(run, CancelRequested())


def pass_deadline(run: HeldRun) -> None:
    """End a run that has taken longer than it may."""
    apply(run, DeadlinePassed())


def cancel_steps(run: HeldRun, address: str, actor: str) -> None:
    """Give up a step, or every step below a scope."""
    skipped = apply(run, StepCancelled(address))
    stage_cancel_request(run, address, skipped, actor)
    give_up_cancelled(run)


def _carry_out(run: HeldRun, command: Command) -> None:
    match command:
        case StartStep(address) | FinishMap(address) | FailMap(address):
            # It may have been given up while the command waited on the agenda.
            if address in run.state.active:
                _go_on(run, command)
        case CancelStep(address):
            _give_up(run, address)
        case CompleteRun() | FailRun() | CancelRun():
            _end_run(run, command)
        case SkipStep():
            pass  # recorded with the step that decided it


def _go_on(run: HeldRun, command: StartStep | FinishMap | FailMap) -> None:
    if not isinstance(command, StartStep):
        _end_map(run, command)
    elif is_item(command.address):
        begin_item(run, command.address)
    else:
        _begin(run, command.address)


def _end_run(run: HeldRun, command: CompleteRun | FailRun | CancelRun) -> None:
    match command:
        case CompleteRun() if run.claimed.body:
            finish_item(run)
        case CompleteRun(output):
            stage_completed_run(run, output)
        case FailRun(address, code):
            stage_failed_run(run, address, reason(run, address, code))
        case CancelRun():
            stage_cancelled_run(run)


def _begin(run: HeldRun, address: str) -> None:
    compiled = run.node(address)
    started_at, started = datetime.now(UTC), time.perf_counter()
    try:
        result = compiled.type.run(compiled.config, run.data(address))
    except ExpressionFailed as error:
        result = Failed("expression_failed", str(error))
    except DATABASE_ERRORS:
        raise  # a payload could not be fetched, which is no fault of the node
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("Node %s of run %s crashed", address, run.id)
        result = Failed("node_crashed", f"The node crashed: {error}")
    if isinstance(result, Done | Failed):
        outcome = _outcome(run, address, result)
        outcome.started_at = started_at
        outcome.duration_ms = round((time.perf_counter() - started) * 1000)
        finish_step(run, address, outcome)
    else:
        _ask(run, address, result)


def _ask(run: HeldRun, address: str, asked: Result) -> None:
    """Begin what does not end here and now."""
    if isinstance(asked, ForEach):
        begin_map(run, address, asked.items)
    elif isinstance(asked, WaitFor):
        stage_wait(run, address, asked)
    elif isinstance(asked, Emit):
        _emit(run, address, asked)
    elif isinstance(asked, CallModel | Fetch) and (
        addressed := find_queue(run, address, asked)
    ):
        stage_remote(run, address, addressed, limit_of(run, address, asked))
    elif not isinstance(asked, Done | Failed):
        is_once = run.node(address).effect == "at_most_once"
        if is_once and (address, run.attempt(address)) not in commit_of(run).by_step:
            # The intent is stored before the call, so that a crash leaves a doubt.
            stage_started(run, address, timezone.now())
        run.calls.append((address, asked))


def _emit(run: HeldRun, address: str, asked: Emit) -> None:
    """Send an event with this very commit; its message id is the step's."""
    now, stored = clock.now(), store(asked.data)
    signal = SignalRow(
        id=new_id(),
        workspace_id=run.workspace_id,
        name=asked.name,
        key=asked.key,
        message_id=_message_id(run, address),
        actor=WORKER,
        body=stored.blob or stored.cell,
        expires_at=now + timedelta(seconds=asked.ttl_s),
        created_at=now,
    )
    send(run, signal)
    output = {"name": asked.name, "key": asked.key}
    finish_step(run, address, Outcome(output, "out", started_at=now))


def _message_id(run: HeldRun, address: str) -> str:
    """The step's key; deep in loops and maps an address is longer than ids may be."""
    key = run.key(address)
    if len(key) <= MAX_MESSAGE_ID:
        return key
    return f"{run.id}/sha256:{sha256(address.encode()).hexdigest()}"


def _outcome(run: HeldRun, address: str, result: Done | Failed) -> Outcome:
    if isinstance(result, Failed):
        return failed(result.code, result.message)
    node = run.node(address).node
    if result.port == "unmet" and node.type == "join":
        drawn = run.flow.shape.ports_drawn(node.id)
        if "unmet" not in drawn:
            arrived = len(result.output["arrived"])
            return failed(
                "join_unmet",
                f"Only {arrived} of the branches that the join asks for can arrive, and "
                "nothing follows its port 'unmet'.",
            )
    return Outcome(output=result.output, port=result.port)


def _end_map(run: HeldRun, command: FinishMap | FailMap) -> None:
    if isinstance(command, FailMap):
        outcome = item_failure(run, command)
    else:
        outcome = collect_items(run, command.address)
    outcome.started_at = run.mapping.pop(command.address)
    took = timezone.now() - outcome.started_at
    outcome.duration_ms = max(round(took.total_seconds() * 1000), 0)
    finish_step(run, command.address, outcome)


def _give_up(run: HeldRun, address: str) -> None:
    """Record that a step was given up; not, at the end of a run, of one not begun.

    Nobody can take back what may have left already: such a step is detached.
    """
    run.calls = [waiting for waiting in run.calls if waiting[0] != address]
    flight = run.flights.get(address)
    since = run.waiting.pop(address, None) or run.interrupted.get(address)
    since = run.mapping.pop(address, None) or since
    if address in run.remote:
        commit_of(run).withdraw_remote(address)
    is_out = flight is not None or address in run.remote - run.untouched
    if is_out and run.node(address).effect == "at_most_once":
        _detach(run, address, flight, since)
        return
    run.remote.discard(address)
    run.flights.pop(address, None)
    started_at = flight.started_at if flight else since
    run.items.pop(address, None)
    if started_at is not None:
        _withdraw(run, address)
    if started_at is not None or not run.state.is_over:
        stage_cancelled(run, address, started_at)


def _detach(
    run: HeldRun, address: str, flight: Flight | None, since: datetime | None
) -> None:
    if flight is not None:
        flight.is_detached, since = True, flight.started_at
    stage_detached(run, address, since or datetime.now(UTC))


def _withdraw(run: HeldRun, address: str) -> None:
    """Take back what the step has asked of others, with the commit that gives it up."""
    run.doubtful.discard(address)
    name = run.node(address).type.name
    if name in ("approval", "model"):  # a model may be a person
        run.unasked.append(address)
    elif starts_run(run, address):
        child_id = child_run_id(run, address)
        send(run, OutboxRow(child_id, "cancel", WORKER, "", b""))
    elif name == "wait":
        commit_of(run).undelivered.append(address)
