"""The next commit of a held run: its events, step rows and payloads."""

from datetime import UTC, datetime
from typing import Any

from flows.conductor.held import WORKER, HeldRun
from flows.conductor.rows import BlobRow, RunCommit, StepRow
from orchestrator_site.ledger.api import Fact, Stored, event


def record(
    run: HeldRun,
    kind: str,
    facts: dict[str, Any],
    actor: str = WORKER,
    at: datetime | None = None,
) -> int:
    """Append an event to the run's chain. Returns: its sequence number."""
    commit = commit_of(run)
    row = event(
        Fact(kind, actor, {"epoch": run.epoch, "run": run.id, **facts}),
        workspace_id=run.workspace_id,
        chain_id=run.id,
        seq=run.seq + 1,
        head=run.head,
        at=at or datetime.now(UTC),
    )
    run.seq, run.head = row.seq, row.hash
    commit.new_seq, commit.head = row.seq, row.hash
    commit.events.append(row)
    return row.seq


def commit_of(run: HeldRun) -> RunCommit:
    """What the run has staged; begun if there is nothing yet."""
    if run.staged is None:
        run.staged = RunCommit(
            run.id, run.epoch, run.stored_seq, run.seq, run.head, datetime.now(UTC)
        )
        run.staged.paused_by = holders(run)
    return run.staged


def holders(run: HeldRun) -> str:
    """Who has paused the run, as its row says it."""
    return " ".join(sorted(run.paused_by))


def keep(run: HeldRun, stored: Stored) -> bytes:
    """Stage the blob of a payload, if it has one. Returns: the cell."""
    if stored.blob is not None:
        blob = BlobRow(run.id, stored.digest, stored.blob)
        commit_of(run).blobs.append(blob)
    return stored.cell


def commitment_to(stored: Stored) -> dict[str, Any]:
    """What an event says of a payload: never what stands in it."""
    return {"sha256": stored.digest.hex(), "bytes": stored.size_bytes}


def step_row(
    run: HeldRun,
    address: str,
    status: str,
    seq: int,
    *,
    started_at: datetime | None = None,
) -> StepRow:
    """The row of the attempt under way at a step."""
    node = run.node(address).node
    return StepRow(
        run_id=run.id,
        address=address,
        attempt=run.attempt(address),
        node_id=node.id,
        type=node.type,
        status=status,
        port=None,
        result=None,
        model=None,
        model_version=None,
        cost_usd_micros=0,
        duration_ms=None,
        started_at=started_at,
        ended_at=None,
        seq=seq,
    )


def about(run: HeldRun, address: str) -> dict[str, Any]:
    """The facts that name an attempt at a step."""
    return {"address": address, "attempt": run.attempt(address)}
