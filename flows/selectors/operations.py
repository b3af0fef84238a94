"""What an operator asks: who works, what waits, what is stuck, which limits hold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from flows.models import (
    Inbox,
    InboxKind,
    Run,
    RunStatus,
    Slot,
    Step,
    Wait,
    Worker,
)
from flows.selectors.runs import LEASE_S, alive_workers
from flows.selectors.standing import doubtful_steps, stopped_runs
from orchestrator_site.accounts.api import Workspace

# A list shows neither what went in and out nor the drawings.
LARGE = ("input", "result", "flow__draft")
GOING = (RunStatus.QUEUED, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """A process that holds runs; `holds` counts those of one workspace."""

    worker: Worker
    is_alive: bool
    holds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Runs that have not ended: `queued` for a worker, `held` by one, and the others.

    `blocked` wait for a place among the runs that a limit lets go on.
    """

    queued: int
    oldest_queued_at: datetime | None
    held: int
    waiting: int
    blocked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit in force: how many runs of `key` may go on, which do, how many wait.

    `value` is what the key stands for, as JSON; empty where the flow has one limit.
    """

    flow_slug: str
    flow_name: str
    value: str
    most: int
    holders: Sequence[Run]
    queued: int


def list_workers(workspace: Workspace) -> list[WorkerState]:
    """Every process of the installation, those that beat first."""
    mine = Run.objects.filter(owner_id=OuterRef("pk"), workspace=workspace)
    counted = mine.order_by().values("owner_id").annotate(n=Count("pk")).values("n")
    workers = Worker.objects.annotate(holds=Coalesce(Subquery(counted), 0))
    found = [
        WorkerState(
            worker=worker,
            is_alive=worker.beat_at >= _alive_since(),
            holds=worker.holds,
        )
        for worker in workers.order_by("kind", "started_at")
    ]
    return sorted(found, key=lambda state: not state.is_alive)


def measure_load(workspace: Workspace) -> Load:
    """Count the runs of a workspace that have not ended, in one pass."""
    is_going = Q(status__in=GOING, blocked=False)
    is_queued = is_going & Q(owner_id__isnull=True)
    counted = (
        Run.objects.in_workspace(workspace)
        .filter(ended_at__isnull=True)
        .aggregate(
            queued=Count("pk", filter=is_queued),
            oldest_queued_at=Min("created_at", filter=is_queued),
            held=Count("pk", filter=Q(owner_id__isnull=False)),
            waiting=Count("pk", filter=Q(status=RunStatus.WAITING)),
            blocked=Count("pk", filter=Q(status__in=GOING, blocked=True)),
        )
    )
    return Load(**counted)


def list_doubtful_steps(workspace: Workspace, limit: int) -> list[Step]:
    """Steps of which a person has to say whether they happened, the oldest first."""
    found = doubtful_steps(workspace).select_related("run__flow")
    light = found.defer("result", *(f"run__{column}" for column in LARGE))
    return list(light.order_by("started_at")[:limit])


def list_stopped_runs(workspace: Workspace, limit: int) -> list[Run]:
    """Runs that were paused or set aside, the oldest first.

    Adds `is_cancelling`, `is_resuming`, `is_releasing`: whether that has been asked for.
    """
    asked = Inbox.objects.filter(run=OuterRef("pk"))
    stopped = stopped_runs(workspace).annotate(
        is_cancelling=Exists(asked.filter(kind=InboxKind.CANCEL)),
        is_resuming=Exists(asked.filter(kind=InboxKind.RESUME)),
        is_releasing=Exists(asked.filter(kind=InboxKind.RELEASE)),
    )
    return list(_light(stopped).order_by("id")[:limit])


def list_stranded_runs(workspace: Workspace, limit: int) -> list[Run]:
    """Runs whose worker is silent, and that no other has taken over yet."""
    alive = alive_workers()
    held = Run.objects.in_workspace(workspace).filter(owner_id__isnull=False)
    stranded = held.exclude(owner_id__in=alive.values("pk"))
    return list(_light(stranded).order_by("id")[:limit])


def list_due(workspace: Workspace, limit: int) -> list[Wait]:
    """The moments that come next, with their runs."""
    waits = Wait.objects.filter(
        workspace_id=workspace.pk, due_at__isnull=False, run__ended_at__isnull=True
    ).select_related("run__flow")
    light = waits.defer(*(f"run__{column}" for column in LARGE))
    return list(light.order_by("due_at")[:limit])


def list_limits(workspace: Workspace, limit: int) -> list[Limit]:
    """The limits that runs fall under now, those at which most wait first."""
    limited = Run.objects.in_workspace(workspace).filter(
        slot_key__isnull=False, ended_at__isnull=True
    )
    counted = (
        limited.order_by()
        .values("slot_key", "flow__slug", "flow__name")
        .annotate(
            most=Max("slot_limit"),
            queued=Count("pk", filter=Q(blocked=True, status__in=GOING)),
        )
        .order_by("-queued", "slot_key")[:limit]
    )
    rows = {str(row["slot_key"]): row for row in counted}
    holders = _holders(list(rows))
    return [
        Limit(
            flow_slug=row["flow__slug"],
            flow_name=row["flow__name"],
            value=key.partition(":")[2],
            most=row["most"],
            holders=holders[key],
            queued=row["queued"],
        )
        for key, row in rows.items()
    ]


def key_words(value: str) -> str:
    """What a limit counts by, as people read it: a text without its quotes."""
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value[:12]  # the digest of a long one
    return found if isinstance(found, str) else value


def _holders(keys: list[str]) -> dict[str, list[Run]]:
    found: defaultdict[str, list[Run]] = defaultdict(list)
    if keys:
        slots = Slot.objects.filter(key__in=keys).select_related("run")
        for slot in slots.defer("run__input", "run__result").order_by("n"):
            found[slot.key].append(slot.run)
    return found


def _alive_since() -> datetime:
    return timezone.now() - timedelta(seconds=LEASE_S)


def _light(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.select_related("flow").defer(*LARGE)
