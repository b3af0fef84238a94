"""Runs that a run starts: a subflow's, which the parent's commit brings into being."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.utils import timezone

from flows.conductor.compiled import read_document
from flows.conductor.held import WORKER, HeldRun, Outcome, failed
from flows.conductor.occupancy import is_full, unended_runs
from flows.conductor.rows import BlobRow, Child, ChildRow
from flows.conductor.slots import Need, needed_slot
from flows.engine.state import is_item
from flows.errors import (
    ConcurrencyKeyFailed,
    ConcurrencyLimitReached,
    FlowNotFound,
    InputInvalid,
    VersionNotFound,
)
from flows.graph.inputs import check_input
from flows.graph.settings import Called, Concurrency, class_refusal
from flows.models import Flow, FlowVersion, Run
from flows.nodes.base import CallFlow
from orchestrator_site.ledger.api import GENESIS, Fact, event, store

MAX_DEPTH = 10


class Order(NamedTuple):
    """A step that asks for a run of another flow; `data_class` is that of its own."""

    run_id: UUID
    epoch: int
    address: str
    child_id: UUID
    call: CallFlow
    data_class: str | None


class Prepared(NamedTuple):
    """A child run that is ready to begin, and the runs that end to make room for it."""

    run_id: UUID
    epoch: int
    address: str
    child: Child
    replaces: Sequence[UUID] = ()


def child_run_id(run: HeldRun, address: str) -> UUID:
    """The id of the run that an attempt at a step starts: the same for every try of it.

    Source: RFC 9562, 5.5.
    """
    return uuid5(run.id, f"{address}#{run.attempt(address)}")


def starts_run(run: HeldRun, address: str) -> bool:
    """Tell whether a step is carried out by a run of its own."""
    return is_item(address) or run.node(address).type.name == "subflow"


def prepare_child(order: Order) -> Prepared | Outcome:
    """Find the version and check the input; a reason against it is the step's error."""
    parent = Run.objects.get(pk=order.run_id)
    if parent.depth >= MAX_DEPTH:
        return failed(
            "subflow_too_deep",
            f"Flows call each other {MAX_DEPTH} deep; look for one that calls itself.",
        )
    try:
        version = _find_version(parent, order.call)
        graph = read_document(bytes(version.document))
        check_input(dict(graph.input_schema), order.call.input)
    except (FlowNotFound, VersionNotFound, InputInvalid) as error:
        return failed(f"subflow_{error.code}", f"{order.call.flow}: {error.message}")
    called = Called(order.call.flow, order.call.version, graph.settings.data_class)
    if reason := class_refusal(called, order.data_class):
        return failed("subflow_data_class_too_low", reason)
    try:
        need = needed_slot(
            version.flow_id, graph.settings.concurrency, order.call.input
        )
        replaces = _make_room(parent, need, graph.settings.concurrency)
    except (ConcurrencyKeyFailed, ConcurrencyLimitReached) as error:
        return failed(f"subflow_{error.code}", f"{order.call.flow}: {error.message}")
    child = _child(parent, order, version, need)
    if graph.settings.deadline_s is not None:
        longest = timedelta(seconds=graph.settings.deadline_s)
        child = child._replace(deadline=child.run.created_at + longest)
    return Prepared(order.run_id, order.epoch, order.address, child, replaces)


def _find_version(parent: Run, call: CallFlow) -> FlowVersion:
    flow = Flow.objects.filter(workspace_id=parent.workspace_id, slug=call.flow).first()
    if flow is None:
        raise FlowNotFound(call.flow)
    version = flow.versions.filter(number=call.version).first()
    if version is None:
        raise VersionNotFound(call.flow, call.version)
    return version


def _make_room(
    parent: Run, need: Need | None, concurrency: Concurrency | None
) -> Sequence[UUID]:
    """The runs that a child replaces. One whose line has such a slot needs none.

    Raises: ConcurrencyLimitReached.
    """
    if need is None or concurrency is None or _has_key(parent, need.key):
        return ()
    if concurrency.when_full == "refuse" and is_full(need):
        raise ConcurrencyLimitReached(need.limit)
    return unended_runs(need.key) if concurrency.when_full == "replace" else ()


def _has_key(run: Run | None, key: str) -> bool:
    """Whether the run, or one of those that it goes back to, has a slot of the key."""
    while run is not None:
        if run.slot_key == key:
            return True
        run = run.parent
    return False


def _child(parent: Run, order: Order, version: FlowVersion, need: Need | None) -> Child:
    row = ChildRow(
        id=order.child_id,
        parent_id=parent.pk,
        parent_address=order.address,
        workspace_id=parent.workspace_id,
        flow_id=version.flow_id,
        version_id=version.pk,
        started_by=parent.started_by,
        input=b"",
        depth=parent.depth + 1,
        body="",
        priority=parent.priority,
        slot_key=need.key if need else None,
        slot_limit=need.limit if need else None,
        head=GENESIS,
        created_at=timezone.now(),
    )
    return newborn(row, order.call.input, {"hash": version.hash})


def newborn(row: ChildRow, value: Any, facts: dict[str, Any]) -> Child:  # noqa: ANN401
    """Put its input, its first event and that event's hash to a child run's row."""
    stored = store(value)
    first = event(
        Fact(
            "run.started",
            WORKER,
            {
                "flow": str(row.flow_id),
                "version": str(row.version_id),
                "input": {"sha256": stored.digest.hex(), "bytes": stored.size_bytes},
                "parent": str(row.parent_id),
                "parent_address": row.parent_address,
                **facts,
            },
        ),
        workspace_id=row.workspace_id,
        chain_id=row.id,
        seq=1,
        head=GENESIS,
        at=row.created_at,
    )
    blob = None
    if stored.blob is not None:
        blob = BlobRow(row.id, stored.digest, stored.blob)
    return Child(row._replace(input=stored.cell, head=first.hash), first, blob)
