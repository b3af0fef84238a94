"""Reading flows and runs; every query starts from a workspace."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from flows.errors import FlowNotFound, RunNotFound, VersionNotFound
from flows.models import Flow, FlowVersion, Run, RunStatus, Step, StepStatus, Worker
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Blob, Event, blob_digest, load

LEASE_S = 15
Cell = bytes | memoryview | None
UNDER_WAY = frozenset({RunStatus.QUEUED, RunStatus.RUNNING})
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.01, 0.1


def get_flow(workspace: Workspace, slug: str) -> Flow:
    """Find a flow by its slug. Raises: FlowNotFound."""
    flow = list_flows(workspace).filter(slug=slug).first()
    if flow is None:
        raise FlowNotFound(slug)
    return flow


def list_flows(workspace: Workspace) -> QuerySet[Flow]:
    """Flows of a workspace with what their summary needs."""
    return Flow.objects.in_workspace(workspace).select_related("published")


def list_versions(flow: Flow) -> QuerySet[FlowVersion]:
    """Published versions of a flow."""
    return flow.versions.filter(number__isnull=False)


def get_version(flow: Flow, number: int) -> FlowVersion:
    """Find a published version. Raises: VersionNotFound."""
    version = list_versions(flow).filter(number=number).first()
    if version is None:
        raise VersionNotFound(flow.slug, number)
    return version


def get_run(workspace: Workspace, run_id: UUID) -> Run:
    """Find a run. Raises: RunNotFound, also if it is another workspace's."""
    run = list_runs(workspace).filter(pk=run_id).first()
    if run is None:
        raise RunNotFound(run_id)
    return run


def list_runs(workspace: Workspace) -> QuerySet[Run]:
    """Runs of a workspace with what their summary needs."""
    return Run.objects.in_workspace(workspace).select_related("flow", "version")


def list_steps(run: Run) -> list[Step]:
    """Steps of a run in the order in which they were recorded."""
    return list(Step.objects.filter(run=run).order_by("seq", "status", "address"))


def list_events(run: Run, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Events of a run's chain that follow `after`, in order, as JSON."""
    events = Event.objects.filter(chain_id=run.pk, seq__gt=after).order_by("seq")
    return [_event_document(event) for event in events[:limit]]


def wait_for_run(workspace: Workspace, run_id: UUID, *, seconds: float) -> Run:
    """Read a run once no worker drives it any more, or after `seconds`.

    Between two looks this thread holds no connection, so that many may wait.
    """
    deadline, pause = time.monotonic() + seconds, FIRST_PAUSE_S
    while (left := deadline - time.monotonic()) > 0:
        statuses = Run.objects.in_workspace(workspace).values_list("status", flat=True)
        if statuses.get(pk=run_id) not in UNDER_WAY:
            break
        connection.close()
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE_S)
    return get_run(workspace, run_id)


def has_live_worker() -> bool:
    """Whether some process would run a flow now."""
    since = timezone.now() - timedelta(seconds=LEASE_S)
    return Worker.objects.filter(beat_at__gte=since).exists()


class Payloads:
    """Values of a run's payload cells, with all its blobs read at once."""

    def __init__(self, run_id: UUID, cells: Iterable[Cell]) -> None:
        digests = {blob_digest(bytes(cell)) for cell in cells if cell is not None}
        found = Blob.objects.filter(owner_id=run_id, digest__in=digests - {None})
        self._blobs = {bytes(blob.digest): bytes(blob.data) for blob in found}

    def value(self, cell: Cell) -> Any:  # noqa: ANN401  any JSON value
        """The value in a cell; None for an empty one."""
        if cell is None:
            return None
        sealed = bytes(cell)
        digest = blob_digest(sealed)
        return load(self._blobs[digest] if digest else sealed)


def flow_summary(flow: Flow) -> dict[str, Any]:
    """A flow as a row of a list."""
    return {
        "slug": flow.slug,
        "name": flow.name,
        "draft_revision": flow.draft_revision,
        "published_version": flow.published.number if flow.published else None,
        "created_at": _text(flow.created_at),
        "updated_at": _text(flow.updated_at),
    }


def version_summary(version: FlowVersion) -> dict[str, Any]:
    """A published version as a row of a list."""
    return {
        "number": version.number,
        "hash": version.hash,
        "published_at": _text(version.published_at),
    }


def run_document(run: Run) -> dict[str, Any]:
    """A run with its steps as JSON, as the API and the command line give it."""
    steps = list_steps(run)
    cells = [run.input, run.result, *(step.result for step in steps)]
    payloads = Payloads(run.pk, cells)
    result = payloads.value(run.result)
    is_done = run.status == "completed"
    return {
        **run_summary(run),
        "input": payloads.value(run.input),
        "output": result if is_done else None,
        "error": None if is_done else result,
        "steps": [_step_document(step, payloads) for step in steps],
    }


def run_summary(run: Run) -> dict[str, Any]:
    """A run as a row of a list."""
    return {
        "id": str(run.pk),
        "flow": run.flow.slug,
        "version": run.version.number,
        "status": run.status,
        "cost_usd_micros": run.cost_usd_micros,
        "started_at": _text(run.started_at),
        "ended_at": _text(run.ended_at),
    }


def _step_document(step: Step, payloads: Payloads) -> dict[str, Any]:
    result = payloads.value(step.result)
    is_done = step.status == StepStatus.COMPLETED
    return {
        "node_id": step.node_id,
        "address": step.address,
        "type": step.type,
        "attempt": step.attempt,
        "status": step.status,
        "port": step.port,
        "model": step.model,
        "model_version": step.model_version,
        "output": result if is_done else None,
        "error": None if is_done else result,
        "duration_ms": step.duration_ms,
        "cost_usd_micros": step.cost_usd_micros,
    }


def _event_document(event: Event) -> dict[str, Any]:
    body = orjson.loads(bytes(event.body))
    return {
        "seq": event.seq,
        "at": body["at"],
        "kind": body["kind"],
        "actor": body["actor"],
        "data": body["data"],
        "hash": bytes(event.hash).hex(),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
