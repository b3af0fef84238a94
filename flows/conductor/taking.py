"""From a claimed row to a run in memory: the fold of what earlier holders recorded."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from uuid import UUID

from django.utils import timezone

from flows.conductor.compiled import CompiledFlow, compile_version
from flows.conductor.held import CellReader, HeldRun, StepValues
from flows.conductor.rows import ClaimedRun, RecordedStep
from flows.conductor.staging import stage_failed_run, stage_poisoned_run
from flows.conductor.store import DATABASE_ERRORS
from flows.engine.events import StartStep, StepCompleted
from flows.engine.plan import resume
from flows.engine.topology import Topology

CRASHES_ALLOWED = 2
NOTHING = CompiledFlow({}, Topology({}, {}, (), frozenset()), may_ask=True)

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
        run = _rebuild(claimed._replace(input=b""), NOTHING, (), fetch)
        run.agenda.clear()
        message = f"The stored flow or its data cannot be read: {error}"
        stage_failed_run(run, None, {"code": "run_unreadable", "message": message})
        return run
    _take_up_steps(run, recorded)
    if is_poisoned:
        run.is_poisoned = True
        run.agenda.clear()
        if claimed.status != "poisoned":
            stage_poisoned_run(run, claimed.crashes)
    return run


def _take_up_steps(run: HeldRun, recorded: Sequence[RecordedStep]) -> None:
    """Steps that wait for a person are not begun again, calls under way are."""
    for step in recorded:
        if step.address in run.state.active:
            steps = run.waiting if step.status == "waiting" else run.interrupted
            steps[step.address] = step.started_at or timezone.now()
    run.agenda = deque(
        command
        for command in run.agenda
        if not (isinstance(command, StartStep) and command.address in run.waiting)
    )


def _rebuild(
    claimed: ClaimedRun,
    flow: CompiledFlow,
    recorded: Sequence[RecordedStep],
    fetch: Callable[[UUID, bytes], bytes],
) -> HeldRun:
    read = CellReader(claimed.id, fetch)
    completed = [step for step in recorded if step.status == "completed"]
    cells = {step.address: bytes(step.result or b"") for step in completed}
    state, agenda = resume(
        flow.shape, [StepCompleted(step.address, step.port) for step in completed]
    )
    return HeldRun(
        id=claimed.id,
        workspace_id=claimed.workspace_id,
        epoch=claimed.epoch,
        seq=claimed.seq,
        head=bytes(claimed.head),
        stored_seq=claimed.seq,
        stored_head=bytes(claimed.head),
        flow=flow,
        state=state,
        input=read(bytes(claimed.input)) if claimed.input else None,
        cells=cells,
        values=StepValues(cells, read),
        agenda=deque(agenda),
    )
