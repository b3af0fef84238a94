"""From a claimed row to a run in memory: the fold of what earlier holders recorded."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from flows.conductor.compiled import NOTHING, CompiledFlow, compile_version
from flows.conductor.ending import finish_step
from flows.conductor.held import CellReader, HeldRun, StepValues, failed
from flows.conductor.rows import BY_PERSON, ClaimedRun, RecordedStep
from flows.conductor.staging.runs import stage_failed_run, stage_poisoned_run
from flows.conductor.store import DATABASE_ERRORS
from flows.engine.events import (
    Event,
    StartStep,
    StepCancelled,
    StepCompleted,
    StepFailed,
)
from flows.engine.plan import resume
from flows.engine.state import is_item
from flows.graph.catalog import REMOTE

CRASHES_ALLOWED = 2
# How the steps stand that a queue may have.
OUT = frozenset({"waiting", "detached"})

logger = logging.getLogger(__name__)


def take(
    claimed: ClaimedRun,
    recorded: Sequence[RecordedStep],
    fetch: Callable[[UUID, bytes], bytes],
) -> HeldRun:
    """Rebuild a claimed run and put on its agenda what is not recorded yet.

    A run whose version or payloads cannot be read is failed; one that has taken three
    workers down is set aside for a person, its payloads unread.
    """
    is_poisoned = claimed.status == "poisoned" or claimed.crashes > CRASHES_ALLOWED
    if is_poisoned:
        claimed = claimed._replace(input=b"")
    try:
        run = _rebuild(claimed, compile_version(claimed.version_id), recorded, fetch)
    except DATABASE_ERRORS:
        raise
    except Exception as error:  # no run at fault ends the process that claims it
        logger.exception("Run %s cannot be read", claimed.id)
        run = _rebuild(claimed._replace(input=b"", body=""), NOTHING, (), fetch)
        run.agenda.clear()
        message = f"The stored flow or its data cannot be read: {error}"
        stage_failed_run(run, None, {"code": "run_unreadable", "message": message})
        return run
    if is_poisoned:
        run.is_poisoned = True
        run.agenda.clear()
        if claimed.status != "poisoned":
            stage_poisoned_run(run, claimed.crashes)
    else:
        _doubt_interrupted(run)
    return run


def _rebuild(
    claimed: ClaimedRun,
    flow: CompiledFlow,
    recorded: Sequence[RecordedStep],
    fetch: Callable[[UUID, bytes], bytes],
) -> HeldRun:
    read = CellReader(claimed.id, fetch)
    last = _last_attempts(recorded)
    cells = {step.address: bytes(step.result or b"") for step in last if _is_kept(step)}
    items = {
        step.address: read(bytes(step.result or b""))
        for step in last
        if step.type == "map" and step.status == "running"
    }
    counts = {address: len(found) for address, found in items.items()}
    body = claimed.body
    state, agenda = resume(flow.shape, _events(last), items=counts, body=body)
    given = read(bytes(claimed.input)) if claimed.input else None
    # The run of an item was given what its body reads.
    item = given if body and isinstance(given, dict) else {}
    run = HeldRun(
        id=claimed.id,
        workspace_id=claimed.workspace_id,
        epoch=claimed.epoch,
        seq=claimed.seq,
        head=bytes(claimed.head),
        stored_seq=claimed.seq,
        stored_head=bytes(claimed.head),
        claimed=claimed,
        flow=flow,
        state=state,
        input=item.get("input") if body else given,
        around=item.get("around", {}),
        outer=item.get("outer", {}),
        cells=cells,
        values=StepValues(cells, read),
        fetch=fetch,
        items=items,
        context=[step.address for step in last if step.type == "set_context"],
        paused_at=claimed.paused_at,
        paused_by=held_by(claimed),
    )
    _take_up(run, last, read)
    run.remote = {step.address for step in last if _is_out(step)}
    run.agenda = deque(
        command
        for command in agenda
        if not (isinstance(command, StartStep) and command.address in run.waiting)
    )
    return run


def held_by(claimed: ClaimedRun) -> set[str]:
    """Who holds the run, if it is paused."""
    if claimed.paused_at is None:
        return set()
    return set(claimed.paused_by.split()) or {BY_PERSON}


def _last_attempts(recorded: Sequence[RecordedStep]) -> list[RecordedStep]:
    """The last attempt at each step, in the order of recording; skipped ones left out."""
    last: dict[str, RecordedStep] = {}
    for step in recorded:
        earlier = last.get(step.address)
        if earlier is None or step.attempt > earlier.attempt:
            last[step.address] = step
    kept = [step for step in last.values() if step.status != "skipped"]
    return sorted(kept, key=lambda step: step.seq)


def _is_kept(step: RecordedStep) -> bool:
    """Whether later steps may read what this one gave."""
    return step.status == "completed" or (
        step.status == "failed" and step.port is not None
    )


def _is_out(step: RecordedStep) -> bool:
    """Whether a queue may have it."""
    return step.type in REMOTE and step.status in OUT and step.result is None


def _events(steps: Sequence[RecordedStep]) -> list[Event]:
    events: list[Event] = []
    for step in steps:
        match step.status:
            case "completed":
                events.append(StepCompleted(step.address, step.port))
            case "failed":
                events.append(StepFailed(step.address, step.port))
            case "cancelled" | "detached":
                events.append(StepCancelled(step.address))
    return events


def _take_up(
    run: HeldRun, steps: Sequence[RecordedStep], read: Callable[[bytes], Any]
) -> None:
    """Steps that wait for something are not begun again, calls under way are."""
    for step in steps:
        if step.attempt > 1:
            run.attempts[step.address] = step.attempt
        if step.status == "failed" and step.port is None:
            run.failures[step.address] = read(bytes(step.result or b""))
        if step.address in run.state.active:
            _take_up_active(run, step)


def _take_up_active(run: HeldRun, step: RecordedStep) -> None:
    since = step.started_at or timezone.now()
    if step.type == "map" and not is_item(step.address):
        run.mapping[step.address] = since
    else:
        match step.status:
            case "waiting" | "pending":
                run.waiting[step.address] = since
            case "in_doubt":
                run.waiting[step.address] = since
                run.doubtful.add(step.address)
            case "running":
                run.interrupted[step.address] = since


def _doubt_interrupted(run: HeldRun) -> None:
    """A call that must not happen twice, and may have happened, is for a person."""
    for address, since in list(run.interrupted.items()):
        if run.node(address).effect != "at_most_once":
            continue
        del run.interrupted[address]
        run.agenda = deque(
            command for command in run.agenda if command != StartStep(address)
        )
        outcome = failed(
            "step_in_doubt",
            "The worker died after the call may have been sent. Find out whether it "
            "happened, then say so.",
        )
        outcome.is_in_doubt, outcome.started_at = True, since
        finish_step(run, address, outcome)
