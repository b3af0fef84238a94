"""Turning what happened into rows for the next joined commit.

Places in the chain are given out here and thrown away with the run if the commit is
refused, so that no refused event can leave a fork behind.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from flows.conductor.held import WORKER, HeldRun, Outcome
from flows.conductor.rows import BlobRow, RunCommit, StepRow
from orchestrator_site.ledger.api import (
    Fact,
    Stored,
    blob_digest,
    commitment,
    event,
    store,
)


def stage_started(run: HeldRun, address: str, started_at: datetime) -> None:
    """Record that a call is under way."""
    seq = _stage(run, "step.started", {"address": address, "attempt": 1})
    row = _step(run, address, "running", seq)
    _commit_of(run).put(row._replace(started_at=started_at))


def stage_waiting(run: HeldRun, address: str, approval_id: str) -> None:
    """Record that a step waits for a person."""
    facts = {"address": address, "attempt": 1, "approval": approval_id}
    seq = _stage(run, "step.waiting", facts)
    _commit_of(run).progressed = True  # this far no worker has died of it
    row = _step(run, address, "waiting", seq)
    _commit_of(run).put(row._replace(started_at=run.waiting[address]))


def stage_parked(run: HeldRun) -> None:
    """Let go of a run that only people can move on; it holds no process."""
    _commit_of(run).status = "waiting"


def stage_taken_mail(run: HeldRun, mail_id: int) -> None:
    """Delete what has been taken in, with the commit that holds its effect."""
    run.mail_taken.add(mail_id)
    _commit_of(run).inbox_ids.append(mail_id)


def stage_ended(
    run: HeldRun, address: str, outcome: Outcome, stored: Stored, skipped: list[str]
) -> None:
    """Record how a step ended, and which steps will therefore never start."""
    facts: dict[str, Any] = {
        "address": address,
        "attempt": 1,
        "duration_ms": outcome.duration_ms,
        "result": _commitment(stored),
    }
    if outcome.error:
        facts["code"] = outcome.error["code"]
        run.failures[address] = outcome.error
    else:
        facts["port"] = outcome.port
        run.values.remember(address, outcome.output)
    if outcome.model:
        facts["model"] = outcome.model
        facts["model_version"] = outcome.model_version
        facts["cost_usd_micros"] = outcome.cost_usd_micros
    if skipped:
        facts["skipped"] = skipped
    facts.update(outcome.facts)
    seq = _stage(run, f"step.{outcome.status}", facts, outcome.actor)
    run.cells[address] = _keep(run, stored)
    commit = _commit_of(run)
    commit.progressed = True
    commit.cost_usd_micros += outcome.cost_usd_micros
    row = _step(run, address, outcome.status, seq)
    commit.put(
        row._replace(
            port=outcome.port,
            result=stored.cell,
            model=outcome.model,
            model_version=outcome.model_version,
            cost_usd_micros=outcome.cost_usd_micros,
            duration_ms=outcome.duration_ms,
            started_at=outcome.started_at,
            ended_at=timezone.now(),
        )
    )
    for other in skipped:
        commit.put(_step(run, other, "skipped", seq))


def stage_cancelled(run: HeldRun, address: str, started_at: datetime) -> None:
    """Record that a step which had started was given up."""
    seq = _stage(run, "step.cancelled", {"address": address, "attempt": 1})
    row = _step(run, address, "cancelled", seq)
    ended = row._replace(started_at=started_at, ended_at=timezone.now())
    _commit_of(run).put(ended)


def stage_completed_run(run: HeldRun, output: str | None) -> None:
    """Record that the run is done, with the output of the step at `output`."""
    facts: dict[str, Any] = {"output_of": output}
    cell = run.cells[output] if output else None
    if cell is not None:
        digest = blob_digest(cell) or commitment(cell)
        facts["result"] = {"sha256": digest.hex()}
    _end(run, "completed", facts, cell)


def stage_failed_run(run: HeldRun, address: str | None, error: dict[str, str]) -> None:
    """Record that the run failed, because of the step at `address` if of any."""
    stored = store({**error, "node_id": address})
    facts = {
        "address": address,
        "code": error["code"],
        "result": _commitment(stored),
    }
    _end(run, "failed", facts, _keep(run, stored))


def stage_cancelled_run(run: HeldRun) -> None:
    """Record that the run ended because somebody wanted it to."""
    stored = store(
        {"code": "run_cancelled", "message": "The run was cancelled.", "node_id": None}
    )
    facts = {"result": _commitment(stored)}
    _end(run, "cancelled", facts, _keep(run, stored), actor=run.cancelled_by)


def stage_poisoned_run(run: HeldRun, crashes: int) -> None:
    """Record that the run is set aside for a person: it took too many workers down."""
    _stage(run, "run.poisoned", {"crashes": crashes})
    _commit_of(run).status = "poisoned"


def unrecordable(run: HeldRun) -> RunCommit:
    """Set a run aside whose chain takes no event: nothing is recorded, no mail is kept."""
    return RunCommit(
        run.id,
        run.epoch,
        run.stored_seq,
        run.stored_seq,
        run.stored_head,
        timezone.now(),
        status="poisoned",
        inbox_ids=list(run.mail_taken),
    )


def _end(
    run: HeldRun,
    status: str,
    facts: dict[str, Any],
    result: bytes | None,
    actor: str = WORKER,
) -> None:
    _stage(run, f"run.{status}", facts, actor)
    commit = _commit_of(run)
    commit.status = status
    commit.result = result
    commit.ended_at = timezone.now()


def _stage(run: HeldRun, kind: str, facts: dict[str, Any], actor: str = WORKER) -> int:
    commit = _commit_of(run)
    row = event(
        Fact(kind, actor, {"epoch": run.epoch, "run": str(run.id), **facts}),
        workspace_id=run.workspace_id,
        chain_id=run.id,
        seq=run.seq + 1,
        head=run.head,
        at=timezone.now(),
    )
    run.seq, run.head = row.seq, row.hash
    commit.new_seq, commit.head = row.seq, row.hash
    commit.events.append(row)
    return row.seq


def _commit_of(run: HeldRun) -> RunCommit:
    if run.staged is None:
        run.staged = RunCommit(
            run.id, run.epoch, run.stored_seq, run.seq, run.head, timezone.now()
        )
    return run.staged


def _keep(run: HeldRun, stored: Stored) -> bytes:
    if stored.blob is not None:
        blob = BlobRow(run.id, stored.digest, stored.blob)
        _commit_of(run).blobs.append(blob)
    return stored.cell


def _commitment(stored: Stored) -> dict[str, Any]:
    """What an event says of a payload: never what stands in it."""
    return {"sha256": stored.digest.hex(), "bytes": stored.size_bytes}


def _step(run: HeldRun, address: str, status: str, seq: int) -> StepRow:
    node = run.node(address).node
    return StepRow(
        run_id=run.id,
        address=address,
        attempt=1,
        node_id=node.id,
        type=node.type,
        status=status,
        port=None,
        result=None,
        model=None,
        model_version=None,
        cost_usd_micros=0,
        duration_ms=None,
        started_at=None,
        ended_at=None,
        seq=seq,
    )
