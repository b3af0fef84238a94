"""Recording how runs end."""

from typing import Any

import orjson
from django.utils import timezone

from flows.conductor.held import WORKER, HeldRun
from flows.conductor.rows import OutboxRow, RunCommit
from flows.conductor.staging.record import commit_of, commitment_to, keep, record
from orchestrator_site.ledger.api import blob_digest, commitment, store


def stage_completed_run(run: HeldRun, output: str | None) -> None:
    """Record that the run is done, with the output of the step at `output`."""
    facts: dict[str, Any] = {"output_of": output}
    cell = run.cells[output] if output else None
    if cell is not None:
        digest = blob_digest(cell) or commitment(cell)
        facts["result"] = {"sha256": digest.hex()}
    _end(run, "completed", facts, cell)


def stage_finished_item(run: HeldRun, value: Any) -> None:  # noqa: ANN401  JSON
    """Record that the run of a map's item is done, with the item's result."""
    stored = store(value)
    facts = {"output_of": None, "result": commitment_to(stored)}
    _end(run, "completed", facts, keep(run, stored))


def stage_failed_run(run: HeldRun, address: str | None, error: dict[str, str]) -> None:
    """Record that the run failed, because of the step at `address` if of any."""
    node_id = address.rpartition("/")[2] if address else None
    stored = store({**error, "node_id": node_id})
    facts = {
        "address": address,
        "code": error["code"],
        "result": commitment_to(stored),
    }
    _end(run, "failed", facts, keep(run, stored))


def stage_cancelled_run(run: HeldRun) -> None:
    """Record that the run ended because somebody wanted it to."""
    stored = store(
        {"code": "run_cancelled", "message": "The run was cancelled.", "node_id": None}
    )
    facts = {"result": commitment_to(stored)}
    _end(run, "cancelled", facts, keep(run, stored), actor=run.cancelled_by)


def stage_poisoned_run(run: HeldRun, crashes: int) -> None:
    """Record that the run is set aside for a person: it took too many workers down."""
    record(run, "run.poisoned", {"crashes": crashes})
    commit_of(run).status = "poisoned"


def stage_released_run(run: HeldRun, actor: str) -> None:
    """Record that a person lets a run go on that was set aside, its crashes forgotten."""
    record(run, "run.released", {}, actor)
    commit = commit_of(run)
    commit.status, commit.progressed = "queued", True


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
    record(run, f"run.{status}", facts, actor)
    commit = commit_of(run)
    commit.status = status
    commit.result = result
    commit.ended_at = timezone.now()
    parent_id = run.claimed.parent_id
    if parent_id is not None:
        told = {"run": str(run.id), "status": status, "cell": (result or b"").hex()}
        body = orjson.dumps(told)
        mail = OutboxRow(parent_id, "child", WORKER, run.claimed.parent_address, body)
        commit.outbox.append(mail)
