"""Carrying out what `plan` asks for, up to the calls that have to wait for a commit."""

import logging
import time
from dataclasses import replace

from django.utils import timezone

from flows.conductor.held import HeldRun, Outcome, failed
from flows.conductor.staging import (
    stage_cancelled,
    stage_cancelled_run,
    stage_completed_run,
    stage_ended,
    stage_failed_run,
)
from flows.conductor.store import DATABASE_ERRORS
from flows.engine.events import (
    CancelRequested,
    CancelRun,
    CancelStep,
    CompleteRun,
    FailRun,
    SkipStep,
    StartStep,
    StepCompleted,
    StepFailed,
)
from flows.engine.plan import plan
from flows.expressions import ExpressionFailed
from flows.nodes.base import AskPerson, CallModel, Done, Failed
from orchestrator_site.ledger.api import Stored, store

OUTPUT_BYTES = 10_000_000

logger = logging.getLogger(__name__)


def advance(run: HeldRun) -> None:
    """Work through the run's agenda; calls are collected in `run.calls`."""
    while run.agenda:
        match run.agenda.popleft():
            case StartStep(address):
                _begin(run, address)
            case CancelStep(address):
                _give_up(run, address)
            case CompleteRun(output):
                stage_completed_run(run, output)
            case FailRun(address):
                stage_failed_run(run, address, run.failures[address])
            case CancelRun():
                stage_cancelled_run(run)
            case SkipStep():
                pass  # recorded with the step that decided it


def finish_step(run: HeldRun, address: str, outcome: Outcome) -> None:
    """Record how a step ended and put on the agenda what follows."""
    stored = _store(outcome)
    if stored is None or stored.size_bytes > OUTPUT_BYTES:
        outcome = _refused(outcome, stored)
        stored = store(outcome.error)
    happened = (
        StepFailed(address) if outcome.error else StepCompleted(address, outcome.port)
    )
    run.state, commands = plan(run.flow.shape, run.state, happened)
    skipped = [item.address for item in commands if isinstance(item, SkipStep)]
    stage_ended(run, address, outcome, stored, skipped)
    run.agenda.extend(commands)


def _store(outcome: Outcome) -> Stored | None:
    try:
        return store(outcome.error or outcome.output)
    except TypeError:
        return None


def _refused(outcome: Outcome, stored: Stored | None) -> Outcome:
    """The same step, failed since its output cannot be kept."""
    if stored is None:
        error = failed("output_not_json", "The output holds a value that is not JSON.")
    else:
        size = stored.size_bytes // 1_000_000
        error = failed("output_too_large", f"The output has {size} MB; 10 MB fit.")
    return replace(outcome, output=None, port=None, error=error.error)


def cancel(run: HeldRun, actor: str) -> None:
    """Put the end of the run on its agenda."""
    run.cancelled_by = actor
    run.state, commands = plan(run.flow.shape, run.state, CancelRequested())
    run.agenda.extend(commands)


def _begin(run: HeldRun, address: str) -> None:
    compiled = run.node(address)
    started_at, started = timezone.now(), time.perf_counter()
    try:
        result = compiled.type.run(compiled.config, run.data(address))
    except ExpressionFailed as error:
        result = Failed("expression_failed", str(error))
    except DATABASE_ERRORS:
        raise  # a payload could not be fetched, which is no fault of the node
    except Exception as error:  # the step boundary: a run never hangs on a bug
        logger.exception("Node %s of run %s crashed", address, run.id)
        result = Failed("node_crashed", f"The node crashed: {error}")
    if isinstance(result, CallModel | AskPerson):
        run.calls.append((address, result))
        return
    if not isinstance(result, Done | Failed):
        result = Failed("node_crashed", "The engine cannot carry out what it asks for.")
    outcome = _outcome(result)
    outcome.started_at = started_at
    outcome.duration_ms = round((time.perf_counter() - started) * 1000)
    finish_step(run, address, outcome)


def _outcome(result: Done | Failed) -> Outcome:
    if isinstance(result, Failed):
        return failed(result.code, result.message)
    return Outcome(output=result.output, port=result.port)


def _give_up(run: HeldRun, address: str) -> None:
    """Forget a step that was about to start; record one that had started."""
    run.calls = [waiting for waiting in run.calls if waiting[0] != address]
    flight = run.flights.pop(address, None)
    since = {**run.interrupted, **run.waiting}.get(address)
    run.waiting.pop(address, None)
    started_at = flight.started_at if flight else since
    if started_at is not None:
        stage_cancelled(run, address, started_at)
