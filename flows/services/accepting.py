"""Accepting a run: its row, its first event, and what it starts with."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils import timezone

from flows.conductor.express import Express, run_express
from flows.conductor.postgresql.whole import Beside, insert_whole
from flows.conductor.rows import BlobRow, RunCommit, WaitRow
from flows.conductor.slots import Need, needed_slot
from flows.graph.settings import Settings
from flows.models import Flow, FlowVersion, Run, Step, Wait, WaitKind
from flows.services.concurrency import hold_key, refuse_if_full, settle
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import (
    GENESIS,
    Blob,
    EventRow,
    Fact,
    Stored,
    event,
    rows_of,
    store,
)
from orchestrator_site.prepared import Rows, insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What somebody asks to be run.

    `version` is the number of a published version, by default the current one;
    `snapshot` the id of a stored version, published or not, and comes first. The
    same `idempotency_key` in the same workspace gives the same run. `priority` is that
    of the flow's settings unless it is given.
    """

    flow: Flow
    input: Any
    actor: str
    version: int | None = None
    snapshot: UUID | None = None
    idempotency_key: str | None = None
    priority: int | None = None


class Plan(NamedTuple):
    """A run that is about to be accepted; `driver` is the worker that will drive it."""

    request: RunRequest
    version: FlowVersion
    fingerprint: bytes
    settings: Settings
    driver: UUID | None = None


class Begun(NamedTuple):
    """A run that is not stored yet, with the first event of its chain."""

    run: Run
    first: EventRow
    input: Stored


def begin(plan: Plan, need: Need | None = None) -> Begun:
    """Make a run and its first event; with a `need` it waits for its slot."""
    request = plan.request
    workspace_id = request.flow.workspace_id
    run_id, now, stored = new_id(), timezone.now(), store(request.input)
    first = event(
        Fact("run.started", request.actor, _facts(request, plan.version, stored)),
        workspace_id=workspace_id,
        chain_id=run_id,
        seq=1,
        head=GENESIS,
        at=now,
    )
    asked = request.priority
    owner_id = plan.driver if need is None else None
    run = Run(
        id=run_id,
        workspace_id=workspace_id,
        flow=request.flow,
        version=plan.version,
        priority=plan.settings.priority if asked is None else asked,
        slot_key=need.key if need else None,
        slot_limit=need.limit if need else None,
        blocked=need is not None,
        started_by=request.actor,
        idempotency_key=request.idempotency_key,
        request_hash=plan.fingerprint,
        owner_id=owner_id,
        epoch=0 if owner_id is None else 1,
        input=stored.cell,
        seq=first.seq,
        head=first.hash,
        created_at=now,
    )
    return Begun(run, first, stored)


def accept(plan: Plan) -> Run:
    """Insert the run with all that it starts with, in one transaction."""
    request, concurrency = plan.request, plan.settings.concurrency
    need = needed_slot(request.flow.pk, concurrency, request.input)
    if need is None or concurrency is None:
        return _insert_waiting(begin(plan), plan.settings)
    with transaction.atomic():
        hold_key(need)
        if concurrency.when_full == "refuse":
            refuse_if_full(need)
        run = _insert_waiting(begin(plan, need), plan.settings)
        settle(run, concurrency)
    return run


def _insert_waiting(begun: Begun, settings: Settings) -> Run:
    """Insert a run that is still to be carried out, with its deadline if it has one."""
    run, deadlines = begun.run, []
    if settings.deadline_s is not None:
        due_at = run.created_at + timedelta(seconds=settings.deadline_s)
        row = WaitRow(run.pk, run.workspace_id, "", 1, WaitKind.DEADLINE, due_at)
        deadlines.append(row)
    blobs = Rows.of(Blob, _input_blobs(begun))
    insert_new(run, rows_of([begun.first]), blobs, Rows.of(Wait, deadlines))
    return run


def accept_whole(plan: Plan) -> tuple[Run, list[Step]]:
    """Run an express run to its end, and insert it with all its steps and events.

    Returns: the run and its steps in their order.
    """
    begun = begin(plan._replace(driver=None))
    run = begun.run
    caller = plan.request.idempotency_key or str(run.pk)
    commit = run_express(
        Express(
            run_id=run.pk,
            workspace_id=run.workspace_id,
            flow_id=run.flow_id,
            version_id=plan.version.pk,
            input=begun.input,
            first=begun.first,
            key=uuid5(run.workspace_id, caller),
        )
    )
    run.status, run.result = commit.status, commit.result
    run.started_at, run.ended_at = commit.started_at, commit.ended_at
    run.cost_usd_micros = commit.cost_usd_micros
    run.epoch, run.seq, run.head = commit.epoch, commit.new_seq, commit.head
    _insert_whole(begun, commit)
    steps = sorted(commit.steps, key=lambda row: (row.seq, row.status, row.address))
    return run, [Step(**row._asdict()) for row in steps]


def _insert_whole(begun: Begun, commit: RunCommit) -> None:
    blobs = [*_input_blobs(begun), *commit.blobs]
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        events = [begun.first, *commit.events]
        insert_whole(begun.run, Beside(events, list(commit.steps), blobs))
        return
    insert_new(
        begun.run,
        rows_of([begun.first, *commit.events]),
        Rows.of(Step, commit.steps),
        Rows.of(Blob, blobs, ignore_conflicts=True),
    )


def _input_blobs(begun: Begun) -> list[BlobRow]:
    run, stored = begun.run, begun.input
    return [BlobRow(run.pk, stored.digest, stored.blob)] if stored.blob else []


def _facts(request: RunRequest, version: FlowVersion, stored: Stored) -> dict[str, Any]:
    return {
        "flow": str(request.flow.pk),
        "version": str(version.pk),
        "hash": version.hash,
        "input": {"sha256": stored.digest.hex(), "bytes": stored.size_bytes},
    }
