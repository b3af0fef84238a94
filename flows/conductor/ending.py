"""The end of a step: what it means for its run, another try included."""

import logging
from dataclasses import replace

from django.utils import timezone

from flows.conductor.held import HeldRun, Outcome, failed
from flows.conductor.staging.steps import stage_ended, stage_late, stage_started
from flows.conductor.staging.waits import stage_doubt, stage_retry
from flows.engine.events import Event, SkipStep, StartStep, StepCompleted, StepFailed
from flows.engine.plan import plan
from flows.engine.retry import Remedy, remedy
from flows.engine.state import is_item
from flows.expressions import ExpressionFailed, compile_expression
from flows.graph.catalog import ERROR
from orchestrator_site.ledger.api import Stored, store

OUTPUT_BYTES = 10_000_000
FINAL_WORD = Remedy("fail")
REJECTED = {
    "code": "output_rejected",
    "message": "The output met the condition under which the step is tried again.",
}

logger = logging.getLogger(__name__)


def apply(run: HeldRun, event: Event) -> list[str]:
    """Put on the agenda what follows from an event. Returns: what it makes skipped."""
    run.state, commands = plan(run.flow.shape, run.state, event)
    run.agenda.extend(commands)
    return [command.address for command in commands if isinstance(command, SkipStep)]


def finish_step(run: HeldRun, address: str, outcome: Outcome) -> None:
    """Record how an attempt ended and put on the agenda what follows."""
    stored = _store(outcome)
    if stored is None or stored.size_bytes > OUTPUT_BYTES:
        outcome = _refused(outcome, stored)
        stored = store(outcome.error)
    if outcome.is_in_doubt:
        stage_doubt(run, address, outcome, stored)
        return
    if _is_rejected(run, address, outcome):
        outcome = replace(outcome, output=None, port=None, error=REJECTED)
        stored = store(outcome.error)
    next_ = _remedy(run, address, outcome)
    if next_.action == "again":
        stage_ended(run, address, outcome, stored, [])
        _try_again(run, address, next_.delay_s)
        return
    if next_.action == "default" and outcome.error:
        outcome = _stand_in(run, address, outcome)
        stored = store(outcome.output)
    elif next_.action == "port" and _leads_on(run, address):
        outcome.port = ERROR
    skipped = apply(run, _event(address, outcome))
    stage_ended(run, address, outcome, stored, skipped)


def _leads_on(run: HeldRun, address: str) -> bool:
    """Tell whether something follows the error port; an error is never just dropped."""
    node_id = run.node(address).node.id
    return ERROR in run.flow.shape.ports_drawn(node_id)


def finish_detached(run: HeldRun, address: str, outcome: Outcome) -> None:
    """Record the late end of a step whose result nobody needs any more."""
    stored = _store(outcome) or store(None)
    stage_late(run, address, outcome, stored)


def _event(address: str, outcome: Outcome) -> StepCompleted | StepFailed:
    if outcome.error:
        return StepFailed(address, outcome.port)
    return StepCompleted(address, outcome.port)


def _remedy(run: HeldRun, address: str, outcome: Outcome) -> Remedy:
    """What follows; the settings of a map are for the map, not for its items."""
    if outcome.error is None or is_item(address):
        return FINAL_WORD
    compiled = run.node(address)
    return remedy(
        compiled.node,
        attempt=run.attempt(address),
        code=outcome.error["code"],
        address=address,
        may_repeat=not (outcome.was_sent and compiled.effect == "at_most_once"),
    )


def _is_rejected(run: HeldRun, address: str, outcome: Outcome) -> bool:
    """Ask the retry condition about an output; one that fails never counts as true."""
    policy = run.node(address).node.retry
    if outcome.error or policy is None or not policy.when or is_item(address):
        return False
    try:
        variables = {"output": outcome.output}
        return compile_expression(policy.when).evaluate(variables) is True
    except ExpressionFailed as error:
        logger.info("The retry condition of %s gave no value: %s", address, error)
        return False


def begin_again(run: HeldRun, address: str) -> None:
    """Begin a further attempt, recorded in the same commit as what has led to it.

    Else a later holder would know of that alone, and wait for ever.
    """
    stage_started(run, address, timezone.now())
    run.agenda.append(StartStep(address))


def _try_again(run: HeldRun, address: str, delay_s: float) -> None:
    run.interrupted.pop(address, None)
    run.attempts[address] = run.attempt(address) + 1
    if delay_s:
        stage_retry(run, address, delay_s)
    else:
        begin_again(run, address)


def _stand_in(run: HeldRun, address: str, outcome: Outcome) -> Outcome:
    """The default output in the place of an error, which the event still names."""
    policy = run.node(address).node.on_error
    error = outcome.error or {}
    return replace(
        outcome,
        output=dict(policy.output or {}) if policy else {},
        port="out",
        error=None,
        facts={**outcome.facts, "instead_of": error.get("code")},
    )


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
