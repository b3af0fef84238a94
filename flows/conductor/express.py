"""Runs that are recorded whole, in one commit, by the process that accepts them.

Only flows whose nodes are pure, or idempotent with the caller's key, are run like this:
after a crash nothing is known of them, and the caller asks again. Source: ADR 0015.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from flows.conductor.advancing import STEPS_A_TURN, advance
from flows.conductor.compiled import CompiledFlow
from flows.conductor.ending import finish_step
from flows.conductor.executor import Ticket, in_own_connection, look_up, perform
from flows.conductor.fetching import Errand, fetch
from flows.conductor.held import HeldRun, Outcome, failed, limit_of
from flows.conductor.rows import ClaimedRun, RunCommit
from flows.conductor.staging.record import commit_of
from flows.conductor.staging.runs import stage_failed_run
from flows.conductor.taking import take
from flows.nodes.base import CallModel, Fetch, Request
from flows.nodes.model import Config
from model_registry import api as registry
from orchestrator_site.ledger.api import EventRow, Stored

MAX_STEPS = STEPS_A_TURN
THREADS = 16
EPOCH = 1
TOO_LONG = {
    "code": "express_run_too_long",
    "message": f"An express run has at most {MAX_STEPS} steps. Give the flow standard "
    "durability.",
}
WAITS = {
    "code": "express_run_waits",
    "message": "An express run cannot wait. Give the flow standard durability.",
}

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="express")


class Express(NamedTuple):
    """What is to be run; calls are named by `key`, so that they can be asked again."""

    run_id: UUID
    workspace_id: UUID
    flow_id: UUID
    version_id: UUID
    input: Stored
    first: EventRow
    key: UUID


def computes(workspace_id: UUID, flow: CompiledFlow) -> bool:
    """Tell whether a model of the flow is for another process."""
    return any(
        node.node.queue is not None or _is_elsewhere(workspace_id, node.config)
        for node in flow.nodes.values()
        if isinstance(node.config, Config)
    )


def run_express(asked: Express) -> RunCommit:
    """Run a flow to its end in this thread. Returns: all that is to be stored of it."""
    run = _hold(asked)
    commit = commit_of(run)
    advance(run)
    while commit.ended_at is None:
        if len(commit.by_step) >= MAX_STEPS:
            stage_failed_run(run, None, TOO_LONG)
        elif not run.calls:
            stage_failed_run(run, None, WAITS)
        else:
            calls, run.calls = run.calls, []
            outcomes = _perform(run, calls)
            for (address, _), outcome in zip(calls, outcomes, strict=True):
                finish_step(run, address, outcome)
            advance(run)
    return commit


def _hold(asked: Express) -> HeldRun:
    claimed = ClaimedRun(
        id=asked.run_id,
        workspace_id=asked.workspace_id,
        version_id=asked.version_id,
        status="running",
        epoch=EPOCH,
        seq=asked.first.seq,
        head=asked.first.hash,
        crashes=0,
        input=asked.input.cell,
        parent_id=None,
        parent_address="",
        depth=0,
        body="",
        priority=0,
        slot_key=None,
        created_at=timezone.now(),
        paused_at=None,
        paused_by="",
        flow_id=asked.flow_id,
        started_by="",
    )

    def read(_run_id: UUID, digest: bytes) -> bytes:
        """A payload too large for its row, none of which is stored yet."""
        if digest == asked.input.digest and asked.input.blob is not None:
            return asked.input.blob
        return next(blob.data for blob in commit_of(run).blobs if blob.digest == digest)

    run = take(claimed, (), read)
    run.name_by(asked.key)
    return run


def _perform(run: HeldRun, calls: Sequence[tuple[str, Request]]) -> list[Outcome]:
    works = [_work(run, address, call) for address, call in calls]
    if len(calls) == 1 and isinstance(calls[0][1], CallModel):
        return [works[0]()]
    return list(_pool.map(in_own_connection, works))


def _work(run: HeldRun, address: str, call: Request) -> Callable[[], Outcome]:
    limit, where = limit_of(run, address, call), (run.id, EPOCH, address)
    match call:
        case CallModel():
            ticket = Ticket(
                *where,
                run.workspace_id,
                call,
                run.flow.use,
                limit,
                run.key(address),
                run.flow.tag_of(call),
            )
            return lambda: _call(ticket)
        case Fetch():
            ends, nobody = time.monotonic() + limit, run.id
            errand = Errand(*where, run.workspace_id, call, ends, nobody, is_once=False)
            return lambda: fetch(errand, may_send=lambda: True)
    raise TypeError("An express run asks for more than models and services.")


def _call(ticket: Ticket) -> Outcome:
    call = ticket.call
    try:
        resolved = registry.resolve(ticket.workspace_id, call.model, call.alias)
    except registry.ModelError as error:
        return failed(error.code, error.message)
    return perform(resolved, ticket)


def _is_elsewhere(workspace_id: UUID, config: Config) -> bool:
    found = look_up(workspace_id, config.model, config.alias)
    return found is not None and (registry.may_compute(found) or bool(found.queue))
