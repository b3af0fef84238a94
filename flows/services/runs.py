"""Starting runs. What happens from then on is the conductor's."""

import hashlib
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import IntegrityError, connection, transaction

from flows.conductor.compiled import compile_version, read_document
from flows.conductor.express import computes
from flows.dispatch import ring_after_commit
from flows.errors import (
    IdempotencyConflict,
    IdempotencyKeyNeeded,
    IdempotencyKeyUnfit,
    NotPublished,
    VersionNotFound,
)
from flows.graph.inputs import check_input
from flows.live import announce_new_run
from flows.models import FlowVersion, Run, Step
from flows.services.accepting import Plan, RunRequest, accept, accept_whole

__all__ = ["RunRequest", "Started", "start_run", "version_document"]

# Of an idempotency key.
MAX_KEY = 200


class Started(NamedTuple):
    """A run, and whether this call created it.

    `steps` are those of an express run that this call has carried out, as they are stored.
    """

    run: Run
    is_new: bool
    steps: list[Step] | None = None


def start_run(request: RunRequest, *, driver: UUID | None = None) -> Started:
    """Accept a run: once this returns and its transaction is in, it will be executed.

    A `driver` drives it next, or rings for a worker; it is that worker's from the start,
    unless its flow has a limit. A run over the limit of its flow waits for a slot, or is
    refused, as its flow says. An express run has ended already. Raises: NotPublished,
    VersionNotFound, InputInvalid, ConcurrencyKeyFailed, ConcurrencyLimitReached,
    IdempotencyKeyNeeded, IdempotencyKeyUnfit, and IdempotencyConflict if the key was
    used for another flow or input.
    """
    fingerprint = _fingerprint(request)
    earlier = _find_earlier(request, fingerprint)
    if earlier:
        return Started(earlier, is_new=False)
    version = _version_for(request)
    graph = read_document(bytes(version.document))
    check_input(dict(graph.input_schema), request.input)
    plan = Plan(request, version, fingerprint, graph.settings, driver)
    steps = None
    try:
        with _savepoint():
            if _is_express(plan):
                run, steps = accept_whole(plan)
            else:
                run = accept(plan)
    except IntegrityError:
        earlier = _find_earlier(request, fingerprint)
        if earlier is None:
            raise
        return Started(earlier, is_new=False)
    if driver is None and steps is None:
        ring_after_commit()
    if run.owner_id is None:
        announce_new_run(run.workspace_id)  # else its driver tells of it at once
    return Started(run, is_new=True, steps=steps)


def _savepoint() -> AbstractContextManager[object]:
    """Keep the caller's transaction alive, if there is one and the key is taken."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _is_express(plan: Plan) -> bool:
    """Whether the run is carried out here and now, and recorded when it has ended.

    A run whose models compute is for a worker all the same.
    Raises: IdempotencyKeyNeeded if it calls anybody without the caller's key.
    """
    if plan.settings.durability != "express":
        return False
    flow = compile_version(plan.version.pk)
    if any(node.effect != "pure" for node in flow.nodes.values()):
        if plan.request.idempotency_key is None:
            raise IdempotencyKeyNeeded(plan.request.flow.slug)
        return not computes(plan.request.flow.workspace_id, flow)
    return True


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
    key = request.idempotency_key
    if key is None:
        return None
    if len(key) > MAX_KEY or "\0" in key:
        raise IdempotencyKeyUnfit(MAX_KEY)
    earlier = Run.objects.filter(
        workspace_id=request.flow.workspace_id, idempotency_key=key
    ).first()
    if earlier and bytes(earlier.request_hash) != fingerprint:
        raise IdempotencyConflict(key)
    return earlier
