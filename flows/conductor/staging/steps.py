"""Recording how steps begin and end."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from flows.conductor.held import HeldRun, Outcome
from flows.conductor.rows import StepRow
from flows.conductor.staging.record import (
    about,
    commit_of,
    commitment_to,
    keep,
    record,
    step_row,
)
from orchestrator_site.ledger.api import Stored, store


def stage_started(run: HeldRun, address: str, started_at: datetime) -> None:
    """Record that a call is under way, or is about to be where nobody can repeat it."""
    seq = record(run, "step.started", about(run, address))
    commit_of(run).put(step_row(run, address, "running", seq, started_at=started_at))


def stage_items(
    run: HeldRun, address: str, items: list[Any], started_at: datetime
) -> None:
    """Record the items of a map, which a later holder needs to go on."""
    stored = store(items)
    facts = {"items": len(items), "list": commitment_to(stored)}
    seq = record(run, "step.started", about(run, address) | facts)
    row = step_row(run, address, "running", seq, started_at=started_at)
    commit_of(run).put(row._replace(result=keep(run, stored)))


def stage_ended(
    run: HeldRun, address: str, outcome: Outcome, stored: Stored, skipped: list[str]
) -> None:
    """Record how an attempt ended, and which steps will therefore never start."""
    facts, now = about(run, address) | _facts(outcome, stored), datetime.now(UTC)
    if skipped:
        facts["skipped"] = skipped
    seq = record(run, f"step.{outcome.status}", facts, outcome.actor, now)
    _remember(run, address, outcome, keep(run, stored))
    commit, node = commit_of(run), run.node(address).node
    commit.progressed = True
    commit.cost_usd_micros += outcome.cost_usd_micros
    commit.put(
        StepRow(
            run_id=run.id,
            address=address,
            attempt=run.attempt(address),
            node_id=node.id,
            type=node.type,
            status=outcome.status,
            port=outcome.port,
            result=stored.cell,
            model=outcome.model,
            model_version=outcome.model_version,
            cost_usd_micros=outcome.cost_usd_micros,
            duration_ms=outcome.duration_ms,
            started_at=outcome.started_at,
            ended_at=now,
            seq=seq,
        )
    )
    _put_skipped(run, skipped, seq)


def stage_cancel_request(
    run: HeldRun, address: str, skipped: list[str], actor: str
) -> None:
    """Record that somebody gave a step up, and which will therefore never start."""
    facts: dict[str, Any] = {"address": address}
    if skipped:
        facts["skipped"] = skipped
    _put_skipped(run, skipped, record(run, "step.cancel_requested", facts, actor))


def _put_skipped(run: HeldRun, skipped: list[str], seq: int) -> None:
    for address in skipped:
        commit_of(run).put(step_row(run, address, "skipped", seq))


def stage_cancelled(run: HeldRun, address: str, started_at: datetime | None) -> None:
    """Record that a step was given up, with all it waited for."""
    _give_up(run, address, "cancelled", started_at)


def stage_detached(run: HeldRun, address: str, started_at: datetime) -> None:
    """Record that nobody needs a step any more whose effect may have happened."""
    _give_up(run, address, "detached", started_at)


def stage_late(run: HeldRun, address: str, outcome: Outcome, stored: Stored) -> None:
    """Record what a detached step gave in the end; nothing follows from it.

    Only what it gave, not an error, has a port.
    """
    facts = about(run, address) | _facts(outcome, stored)
    seq = record(run, "step.late", facts, outcome.actor)
    commit = commit_of(run)
    commit.cost_usd_micros += outcome.cost_usd_micros
    row = step_row(run, address, "detached", seq, started_at=outcome.started_at)
    commit.put(
        row._replace(
            port=None if outcome.error else outcome.port,
            result=keep(run, stored),
            cost_usd_micros=outcome.cost_usd_micros,
            duration_ms=outcome.duration_ms,
            ended_at=timezone.now(),
        )
    )


def _give_up(
    run: HeldRun, address: str, status: str, started_at: datetime | None
) -> None:
    seq = record(run, f"step.{status}", about(run, address))
    row = step_row(run, address, status, seq, started_at=started_at)
    commit = commit_of(run)
    commit.put(row._replace(ended_at=timezone.now()))
    commit.close_waits(address)


def _facts(outcome: Outcome, stored: Stored) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "duration_ms": outcome.duration_ms,
        "result": commitment_to(stored),
    }
    if outcome.error:
        facts["code"] = outcome.error["code"]
    if outcome.port or not outcome.error:
        facts["port"] = outcome.port
    if outcome.model:
        facts["model"] = outcome.model
        facts["model_version"] = outcome.model_version
        facts["cost_usd_micros"] = outcome.cost_usd_micros
    return facts | outcome.facts


def _remember(run: HeldRun, address: str, outcome: Outcome, cell: bytes) -> None:
    """Keep what later steps may read: an output, or the error behind an error port."""
    if outcome.error:
        run.failures[address] = outcome.error
    if outcome.error and outcome.port is None:
        return
    run.cells[address] = cell
    run.values.remember(address, outcome.error or outcome.output)
    if run.node(address).type.name == "set_context":
        run.context.append(address)
