"""Reading runs with their steps and payloads."""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, UUIDField
from django.utils import timezone

from flows.errors import RunNotFound
from flows.models import (
    Inbox,
    InboxKind,
    Remote,
    Run,
    RunStatus,
    Step,
    StepStatus,
    Worker,
    WorkerKind,
)
from flows.selectors.moments import moment_text
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Blob, blob_digest, load
from orchestrator_site.prepared import Given, Prepared

LEASE_S = 15
Cell = bytes | memoryview | None
UNDER_WAY = frozenset({RunStatus.QUEUED, RunStatus.RUNNING})
# Between two looks at a run: a quarter of the time that it has been waited for.
SHORTEST_PAUSE_S, LONGEST_PAUSE_S, SHARE = 0.005, 0.1, 0.25


def get_run(workspace: Workspace, run_id: UUID) -> Run:
    """Find a run. Raises: RunNotFound, also if it is another workspace's."""
    run = RUN.first(workspace=workspace.pk, run=run_id)
    if run is None:
        raise RunNotFound(run_id)
    run.workspace = workspace  # so that nobody reads it again
    return run


def list_runs(workspace: Workspace) -> QuerySet[Run]:
    """Runs of a workspace with what their summary needs."""
    return Run.objects.in_workspace(workspace).select_related("flow", "version")


RUN = Prepared(
    lambda: Run.objects.filter(
        workspace=Given("workspace", UUIDField()), pk=Given("run", UUIDField())
    ).select_related("flow", "version")
)


def list_whole_runs(workspace: Workspace) -> QuerySet[Run]:
    """Runs that somebody started, without the runs that are a part of another."""
    return list_runs(workspace).filter(parent__isnull=True)


def count_standing(workspace: Workspace, since: datetime) -> dict[str, int]:
    """How a workspace's runs stand, and how many were accepted and failed `since`.

    One pass over the whole runs: `waiting`, `poisoned`, `open` (all others that have not
    ended), `recent` and `recent_failed`.
    """
    statuses = RunStatus.WAITING, RunStatus.POISONED
    ongoing = Q(ended_at__isnull=True) & ~Q(status__in=statuses)
    recent = Q(pk__gte=_first_id(since))
    whole = Run.objects.in_workspace(workspace).filter(parent__isnull=True)
    counted: dict[str, int] = whole.aggregate(
        waiting=Count("pk", filter=Q(status=RunStatus.WAITING)),
        poisoned=Count("pk", filter=Q(status=RunStatus.POISONED)),
        open=Count("pk", filter=ongoing),
        recent=Count("pk", filter=recent),
        recent_failed=Count("pk", filter=recent & Q(status=RunStatus.FAILED)),
    )
    return counted


def list_children(run: Run, address: str) -> QuerySet[Run]:
    """The runs that one step of a run has started, the first one first."""
    found = Run.objects.filter(parent=run, parent_address=address)
    return found.select_related("flow").defer("input", "result").order_by("id")


def accepted_between(
    runs: QuerySet[Run], since: datetime | None, until: datetime | None
) -> QuerySet[Run]:
    """Cut by the time in the ids, which is when the runs were accepted."""
    if since:
        runs = runs.filter(id__gte=_first_id(since))
    if until:
        runs = runs.filter(id__lt=_first_id(until))
    return runs


def _first_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 that could be made at `moment`; they begin with 48 bits of ms."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return UUID(int=milliseconds << 80)


def list_steps(run: Run) -> list[Step]:
    """Steps of a run in the order in which they were recorded."""
    return STEPS.rows(run=run.pk)


STEPS = Prepared(
    lambda: Step.objects.filter(run=Given("run", UUIDField())).order_by(
        "seq", "status", "address"
    )
)


def wait_for_run(workspace: Workspace, run_id: UUID, *, seconds: float) -> Run:
    """Read a run once no worker drives it any more, or after `seconds`.

    Between two looks this thread holds no connection, so that many may wait.
    """
    began = time.monotonic()
    run = get_run(workspace, run_id)
    if not _is_under_way(run_id, run.status):
        return run
    while (waited := time.monotonic() - began) < seconds:
        connection.close()
        pause = min(max(waited * SHARE, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)
        time.sleep(min(pause, seconds - waited))
        statuses = Run.objects.values_list("status", flat=True)
        if not _is_under_way(run_id, statuses.get(pk=run_id)):
            break
    return get_run(workspace, run_id)


def _is_under_way(run_id: UUID, status: str) -> bool:
    """Whether a worker has the run, or has or had a step of it from a queue."""
    if status != RunStatus.WAITING:
        return status in UNDER_WAY
    taken = Remote.objects.filter(run=OuterRef("pk"))
    answered = Inbox.objects.filter(run=OuterRef("pk"), kind=InboxKind.REMOTE)
    # At one moment, since in between it may have gone on.
    now, is_remote = (
        Run.objects.annotate(is_remote=Exists(taken) | Exists(answered))
        .values_list("status", "is_remote")
        .get(pk=run_id)
    )
    return now in UNDER_WAY or (now == RunStatus.WAITING and is_remote)


def alive_workers() -> QuerySet[Worker]:
    """The processes that have beaten lately."""
    since = timezone.now() - timedelta(seconds=LEASE_S)
    return Worker.objects.filter(beat_at__gte=since)


def has_live_worker() -> bool:
    """Whether some process would run any flow now."""
    return alive_workers().filter(kind=WorkerKind.WORKER).exists()


class Payloads:
    """Values of a run's payload cells, with all its blobs read at once."""

    def __init__(self, run_id: UUID, cells: Iterable[Cell]) -> None:
        digests = {blob_digest(bytes(cell)) for cell in cells if cell is not None}
        self._blobs: dict[bytes, bytes] = {}
        if wanted := digests - {None}:
            found = Blob.objects.filter(owner_id=run_id, digest__in=wanted)
            self._blobs = {bytes(blob.digest): bytes(blob.data) for blob in found}

    def value(self, cell: Cell) -> Any:  # noqa: ANN401  any JSON value
        """The value in a cell; None for an empty one."""
        if cell is None:
            return None
        sealed = bytes(cell)
        digest = blob_digest(sealed)
        return load(self._blobs[digest] if digest else sealed)


def run_document(run: Run, steps: Sequence[Step] | None = None) -> dict[str, Any]:
    """A run with its steps as JSON, as the API and the command line give it.

    The steps are read unless whoever asks has them, in their order.
    """
    steps = list_steps(run) if steps is None else steps
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
        "started_at": moment_text(run.started_at),
        "ended_at": moment_text(run.ended_at),
    }


def _step_document(step: Step, payloads: Payloads) -> dict[str, Any]:
    result = payloads.value(step.result)
    is_done = step.gave_output
    return {
        "node_id": step.node_id,
        "address": step.address,
        "type": step.type,
        "attempt": step.attempt,
        "status": step.status,
        "port": None if step.status == StepStatus.DETACHED else step.port,
        "model": step.model,
        "model_version": step.model_version,
        "output": result if is_done else None,
        "error": None if is_done else result,
        "duration_ms": step.duration_ms,
        "cost_usd_micros": step.cost_usd_micros,
    }
