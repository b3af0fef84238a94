"""Recording what steps wait for: people, times, events, other runs, another try."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from flows.conductor import clock
from flows.conductor.held import HeldRun, Outcome
from flows.conductor.rows import Child, OutboxRow, SignalRow, WaitRow
from flows.conductor.staging.record import (
    about,
    commit_of,
    commitment_to,
    holders,
    keep,
    record,
    step_row,
)
from flows.nodes.base import WaitFor
from orchestrator_site.ledger.api import Stored


def stage_asked(run: HeldRun, address: str, approval_id: str) -> None:
    """Record that a step waits for a person."""
    facts = about(run, address) | {"approval": approval_id}
    seq = record(run, "step.waiting", facts)
    _put_waiting(run, address, seq)


def stage_wait(run: HeldRun, address: str, wait: WaitFor) -> None:
    """Record that a step waits for a moment, for the first of some events, or both."""
    run.waiting[address] = timezone.now()
    facts = about(run, address) | {
        "until": wait.until.isoformat() if wait.until else None,
        "events": [awaited.name for awaited in wait.events],
    }
    seq = record(run, "step.waiting", facts)
    _put_waiting(run, address, seq)
    row = _wait(run, address, "timer")
    waits = commit_of(run).waits
    if wait.until is not None:
        waits.append(row._replace(due_at=wait.until, port=wait.due_port))
    for awaited in wait.events:
        event = row._replace(kind="event", name=awaited.name, key=awaited.key)
        waits.append(event._replace(port=awaited.port))


def stage_child(run: HeldRun, address: str, child: Child) -> None:
    """Record that a step waits for another run, which begins with this commit."""
    run.waiting[address] = timezone.now()
    facts = about(run, address) | {"child": str(child.run.id)}
    seq = record(run, "step.waiting", facts)
    _put_waiting(run, address, seq)
    commit_of(run).children.append(child)


def stage_retry(run: HeldRun, address: str, delay_s: float) -> None:
    """Record that a step is tried again in a while; the attempt is the next one."""
    now = clock.now()
    run.waiting[address] = now
    due_at = now + timedelta(seconds=delay_s)
    facts = about(run, address) | {"until": due_at.isoformat()}
    seq = record(run, "step.retrying", facts)
    commit_of(run).put(step_row(run, address, "pending", seq))
    row = _wait(run, address, "retry")
    commit_of(run).waits.append(row._replace(due_at=due_at))


def stage_doubt(run: HeldRun, address: str, outcome: Outcome, stored: Stored) -> None:
    """Record that nobody knows whether a step's effect has happened."""
    run.waiting[address] = outcome.started_at or timezone.now()
    run.doubtful.add(address)
    facts = about(run, address) | {"doubt": commitment_to(stored)}
    if outcome.error:
        facts["code"] = outcome.error["code"]
    seq = record(run, "step.in_doubt", facts)
    row = step_row(run, address, "in_doubt", seq, started_at=run.waiting[address])
    commit = commit_of(run)
    commit.progressed = True  # it is not tried again before a person has looked
    commit.put(row._replace(result=keep(run, stored)))


def stage_parked(run: HeldRun) -> None:
    """Let go of a run that only something outside can move on; it holds no process."""
    commit = commit_of(run)
    commit.status = "paused" if run.is_paused else "waiting"
    commit.frees_slot = run.flow.frees_slot


def stage_taken_mail(run: HeldRun, mail_id: int) -> None:
    """Delete what has been taken in, with the commit that holds its effect."""
    run.mail_taken.add(mail_id)
    commit_of(run).inbox_ids.append(mail_id)


def stage_paused(run: HeldRun, actor: str, facts: dict[str, Any]) -> None:
    """Record that somebody paused the run."""
    record(run, "run.paused", facts, actor)


def stage_holders(run: HeldRun) -> None:
    """Keep who holds the run paused by now."""
    commit_of(run).paused_by = holders(run)


def stage_resumed(
    run: HeldRun, actor: str, facts: dict[str, Any], paused_for: timedelta
) -> None:
    """Record that somebody let the run go on, which has that much longer to its end."""
    record(run, "run.resumed", facts, actor)
    commit = commit_of(run)
    commit.paused_for = paused_for
    commit.waits = [
        wait._replace(due_at=wait.due_at + paused_for)
        if wait.kind == "deadline" and wait.due_at
        else wait
        for wait in commit.waits
    ]


def stage_deadline(run: HeldRun, due_at: datetime) -> None:
    """Keep a deadline that came while the run was paused, until that is known to end."""
    if timezone.is_naive(due_at):
        due_at = due_at.replace(tzinfo=UTC)
    commit_of(run).waits.append(_wait(run, "", "deadline")._replace(due_at=due_at))


def send(run: HeldRun, row: OutboxRow | SignalRow) -> None:
    """Send mail to another run, or an event to whoever waits for it."""
    if isinstance(row, OutboxRow):
        commit_of(run).outbox.append(row)
    else:
        commit_of(run).signals.append(row)


def _put_waiting(run: HeldRun, address: str, seq: int) -> None:
    commit = commit_of(run)
    commit.progressed = True  # this far no worker has died of it
    since = run.waiting[address]
    commit.put(step_row(run, address, "waiting", seq, started_at=since))


def _wait(run: HeldRun, address: str, kind: str) -> WaitRow:
    return WaitRow(
        run_id=run.id,
        workspace_id=run.workspace_id,
        address=address,
        attempt=run.attempt(address),
        kind=kind,
    )
