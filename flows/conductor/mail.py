"""Taking in what reaches a held run from outside.

What comes too early stays in the inbox, what comes too late is dropped. Of two that end
the same wait the one with the smaller inbox id counts.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from flows.conductor.advancing import (
    cancel,
    cancel_steps,
    give_up_cancelled,
    pass_deadline,
)
from flows.conductor.ending import begin_again, finish_detached, finish_step
from flows.conductor.executor import look_up
from flows.conductor.held import CellReader, HeldRun, Outcome, failed
from flows.conductor.pausing import pause, resume
from flows.conductor.persons import answer_of
from flows.conductor.remote.requests import outcome_of
from flows.conductor.remote.taking import take_back
from flows.conductor.rows import InboxRow
from flows.conductor.staging.record import commit_of, record
from flows.conductor.staging.runs import stage_released_run
from flows.conductor.staging.waits import stage_deadline, stage_taken_mail
from flows.nodes.model import Config as ModelConfig
from orchestrator_site.ledger.api import load

# What a run without its slot, its health or its peace still takes in.
ALWAYS = frozenset({"cancel", "release"})
WHILE_PAUSED = frozenset({"cancel", "resume", "pause", "deadline", "release"})
# What ends a step that waits; it stays in the inbox until the step does wait.
ANSWERS = frozenset(
    {"decision", "timer", "event", "child", "resolve", "retry", "remote"}
)
# What is for one attempt at a step, and for no other.
OF_ATTEMPTS = frozenset({"retry", "timer", "remote", "resolve"})


def take_mail(run: HeldRun, mail: InboxRow) -> None:
    """Take in one piece of mail, or leave it for later."""
    if mail.id in run.mail_taken:
        return
    give_up_cancelled(run)
    if run.is_poisoned and mail.kind not in ALWAYS:
        return
    if run.is_paused and mail.kind not in WHILE_PAUSED:
        return
    if mail.kind in ANSWERS and not (_answers(run, mail) or _is_late(run, mail)):
        if _is_early(run, mail):
            return
    elif not run.state.is_over:
        HANDLERS[mail.kind](run, mail, orjson.loads(bytes(mail.body) or b"{}"))
    stage_taken_mail(run, mail.id)


def _answers(run: HeldRun, mail: InboxRow) -> bool:
    """Tell whether the step that the mail is for waits for it."""
    if mail.address not in run.waiting:
        return False
    if (mail.kind == "resolve") != (mail.address in run.doubtful):
        return False
    return _attempt(run, mail) == run.attempt(mail.address)


def _is_early(run: HeldRun, mail: InboxRow) -> bool:
    """Tell whether it came before the wait that it may be for is recorded."""
    if mail.address not in run.state.active or mail.address in run.waiting:
        return False
    return _attempt(run, mail) >= run.attempt(mail.address)


def _attempt(run: HeldRun, mail: InboxRow) -> int:
    """Which attempt at its step the mail is for; where it does not matter, this one."""
    if mail.kind not in OF_ATTEMPTS:
        return run.attempt(mail.address)
    attempt: int = orjson.loads(bytes(mail.body)).get("attempt", 1)
    return attempt


def _is_late(run: HeldRun, mail: InboxRow) -> bool:
    """Tell whether it comes from a queue for a step that nobody needs any more."""
    return mail.kind == "remote" and mail.address in run.remote - run.waiting.keys()


def _cancel(run: HeldRun, mail: InboxRow, _body: dict[str, Any]) -> None:
    _take_back(run)
    cancel(run, mail.actor)


def _cancel_step(run: HeldRun, mail: InboxRow, _body: dict[str, Any]) -> None:
    _take_back(run, mail.address)
    cancel_steps(run, mail.address, mail.actor)


def _take_back(run: HeldRun, scope: str = "") -> None:
    """Find out which steps that must not happen twice no worker of a queue has begun."""
    below = tuple(f"{scope}{sign}" for sign in "/:[")
    for address in run.remote & run.waiting.keys():
        if scope and address != scope and not address.startswith(below):
            continue
        is_once = run.node(address).effect == "at_most_once"
        if is_once and take_back(run.id, address):
            run.untouched.add(address)


def _deadline(run: HeldRun, _mail: InboxRow, body: dict[str, Any]) -> None:
    if run.is_paused:
        stage_deadline(run, datetime.fromisoformat(body["due"]))
    else:
        _take_back(run)
        pass_deadline(run)


def _release(run: HeldRun, mail: InboxRow, _body: dict[str, Any]) -> None:
    """Let any worker claim a run again that was set aside, and read it anew."""
    if run.is_poisoned:
        stage_released_run(run, mail.actor)


def _decision(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    facts = {"approval": body["approval_id"], "decision": body.pop("decision")}
    run.decided.append(body["approval_id"])
    config = run.node(mail.address).config
    if isinstance(config, ModelConfig):
        person = look_up(run.workspace_id, config.model, config.alias)
        outcome = answer_of(person, body)
    else:
        body.pop("dwell_ms", None)
        outcome = Outcome(
            output={**body, "decided_by": mail.actor}, port=body["outcome"]
        )
    outcome.facts, outcome.actor = facts, mail.actor
    _finish(run, mail.address, outcome)


def _timer(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    commit_of(run).undelivered.append(mail.address)
    _finish(run, mail.address, Outcome(output=None, port=body["port"]))


def _event(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    outcome = Outcome(
        output=load(bytes.fromhex(body["data_cell"])),
        port=body["port"],
        facts={"signal": body["signal"]},
        actor=mail.actor,
    )
    _finish(run, mail.address, outcome)


def _retry(run: HeldRun, mail: InboxRow, _body: dict[str, Any]) -> None:
    run.waiting.pop(mail.address)
    commit_of(run).close_waits(mail.address)
    begin_again(run, mail.address)


def _child(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    child, status = body["run"], body["status"]
    cell = bytes.fromhex(body["cell"])
    result: Any = CellReader(UUID(child), run.fetch)(cell) if cell else None
    if status == "completed":
        outcome = Outcome(output=result, port="out")
    else:
        outcome = failed(result["code"], f"Run {child} {status}: {result['message']}")
    outcome.facts = {"child": child}
    _finish(run, mail.address, outcome)


def _remote(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    """Take in what came of a step in a queue, also where nobody needs it any more."""
    run.remote.discard(mail.address)
    if body.get("is_lost"):
        outcome = failed(
            "remote_worker_lost",
            "The worker that had taken the step from its queue died.",
        )
        outcome.is_in_doubt = run.node(mail.address).effect == "at_most_once"
    else:
        value = CellReader(run.id, run.fetch)(bytes.fromhex(body["cell"]))
        outcome = outcome_of(body, value)
    since = run.waiting.pop(mail.address, None)
    outcome.started_at = outcome.started_at or since
    if since is None:
        finish_detached(run, mail.address, outcome)
    else:
        finish_step(run, mail.address, outcome)


def _resolve(run: HeldRun, mail: InboxRow, body: dict[str, Any]) -> None:
    """Take in what a person found out about a step in doubt."""
    if body["outcome"] == "done":
        outcome = Outcome(output=body.get("output"), port="out", actor=mail.actor)
        outcome.facts = {"resolved": "done"}
        _finish(run, mail.address, outcome)
        return
    facts = {"address": mail.address, "resolved": "not_done"}
    record(run, "step.resolved", facts, mail.actor)
    run.waiting.pop(mail.address)
    run.doubtful.discard(mail.address)
    run.interrupted.pop(mail.address, None)
    run.attempts[mail.address] = run.attempt(mail.address) + 1
    begin_again(run, mail.address)


def _finish(run: HeldRun, address: str, outcome: Outcome) -> None:
    outcome.started_at = run.waiting.pop(address)
    run.doubtful.discard(address)
    commit_of(run).close_waits(address)
    finish_step(run, address, outcome)


Handler = Callable[[HeldRun, InboxRow, dict[str, Any]], None]
HANDLERS: Mapping[str, Handler] = {
    "cancel": _cancel,
    "cancel_step": _cancel_step,
    "deadline": _deadline,
    "pause": pause,
    "resume": resume,
    "release": _release,
    "decision": _decision,
    "timer": _timer,
    "event": _event,
    "retry": _retry,
    "child": _child,
    "remote": _remote,
    "resolve": _resolve,
}
