"""Starting runs. What happens from then on is the conductor's."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone

from flows.conductor.slots import Need, needed_slot
from flows.dispatch import ring_after_commit
from flows.errors import IdempotencyConflict, NotPublished, VersionNotFound
from flows.graph.inputs import check_input
from flows.graph.parse import parse
from flows.graph.settings import Settings
from flows.live import announce_new_run
from flows.models import Flow, FlowVersion, Run, Wait, WaitKind
from flows.services.concurrency import hold_key, refuse_if_full, settle
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import (
    GENESIS,
    Blob,
    Fact,
    Stored,
    event,
    insert,
    store,
)


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


class Started(NamedTuple):
    """A run, and whether this call created it."""

    run: Run
    is_new: bool


def start_run(request: RunRequest, *, rings: bool = True) -> Started:
    """Accept a run: once this returns and its transaction is in, it will be executed.

    Whoever says `rings=False` claims it next, or rings for a worker. A run over the limit of its flow waits for a slot, or is refused, as its flow says.
    Raises: NotPublished, VersionNotFound, InputInvalid, ConcurrencyKeyFailed,
    ConcurrencyLimitReached, and IdempotencyConflict if the key was used for another
    flow or input.
    """
    fingerprint = _fingerprint(request)
    earlier = _find_earlier(request, fingerprint)
    if earlier:
        return Started(earlier, is_new=False)
    version = _version_for(request)
    graph = parse(version_document(version))
    check_input(dict(graph.input_schema), request.input)
    need = needed_slot(request.flow.pk, graph.settings.concurrency, request.input)
    plan = _Plan(request, version, fingerprint, graph.settings, need)
    try:
        with transaction.atomic():
            run = _accept(plan)
            if rings:
                ring_after_commit()
            announce_new_run(run.workspace_id)
    except IntegrityError:
        earlier = _find_earlier(request, fingerprint)
        if earlier is None:
            raise
        return Started(earlier, is_new=False)
    return Started(run, is_new=True)


def version_document(version: FlowVersion) -> dict[str, Any]:
    """The document of a version as JSON."""
    document: dict[str, Any] = orjson.loads(bytes(version.document))
    return document


def _version_for(request: RunRequest) -> FlowVersion:
    flow = request.flow
    if request.snapshot is not None:
        return flow.versions.get(pk=request.snapshot)
    if request.version is not None:
        version = flow.versions.filter(number=request.version).first()
        if version is None:
            raise VersionNotFound(flow.slug, request.version)
        return version
    if flow.published is None:
        raise NotPublished(flow.slug)
    return flow.published


def _fingerprint(request: RunRequest) -> bytes:
    """What two requests with one idempotency key must have in common."""
    version = str(request.snapshot) if request.snapshot else request.version
    asked = [str(request.flow.pk), version, request.input]
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).digest()


def _find_earlier(request: RunRequest, fingerprint: bytes) -> Run | None:
    if request.idempotency_key is None:
        return None
    earlier = Run.objects.filter(
        workspace_id=request.flow.workspace_id, idempotency_key=request.idempotency_key
    ).first()
    if earlier and bytes(earlier.request_hash) != fingerprint:
        raise IdempotencyConflict(request.idempotency_key)
    return earlier


class _Plan(NamedTuple):
    """A run that is about to be accepted."""

    request: RunRequest
    version: FlowVersion
    fingerprint: bytes
    settings: Settings
    need: Need | None


def _accept(plan: _Plan) -> Run:
    """Insert the run with all that it starts with, in the caller's transaction."""
    concurrency, need = plan.settings.concurrency, plan.need
    if need is None or concurrency is None:
        run = _insert(plan)
    else:
        hold_key(need)
        if concurrency.when_full == "refuse":
            refuse_if_full(need)
        run = _insert(plan)
        settle(run, concurrency)
    if plan.settings.deadline_s is not None:
        Wait.objects.create(
            run=run,
            workspace_id=run.workspace_id,
            kind=WaitKind.DEADLINE,
            due_at=run.created_at + timedelta(seconds=plan.settings.deadline_s),
        )
    return run


def _insert(plan: _Plan) -> Run:
    """Insert the run with the first event of its chain."""
    request, version, need = plan.request, plan.version, plan.need
    run_id, now, stored = new_id(), timezone.now(), store(request.input)
    workspace_id = request.flow.workspace_id
    first = event(
        Fact("run.started", request.actor, _facts(request, version, stored)),
        workspace_id=workspace_id,
        chain_id=run_id,
        seq=1,
        head=GENESIS,
        at=now,
    )
    asked = request.priority
    run = Run.objects.create(
        id=run_id,
        workspace_id=workspace_id,
        flow=request.flow,
        version=version,
        priority=plan.settings.priority if asked is None else asked,
        slot_key=need.key if need else None,
        slot_limit=need.limit if need else None,
        blocked=need is not None,
        started_by=request.actor,
        idempotency_key=request.idempotency_key,
        request_hash=plan.fingerprint,
        input=stored.cell,
        seq=first.seq,
        head=first.hash,
        created_at=now,
    )
    insert([first])
    if stored.blob is not None:
        Blob.objects.create(owner_id=run_id, digest=stored.digest, data=stored.blob)
    return run


def _facts(request: RunRequest, version: FlowVersion, stored: Stored) -> dict[str, Any]:
    return {
        "flow": str(request.flow.pk),
        "version": str(version.pk),
        "hash": version.hash,
        "input": {"sha256": stored.digest.hex(), "bytes": stored.size_bytes},
    }
