"""How the queues of steps stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from flows.models import Remote, Worker
from flows.selectors.runs import alive_workers
from model_registry.api import queue_names
from orchestrator_site.accounts.api import Workspace

EVERY_QUEUE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """A queue with steps of a workspace; `workers` live and take from it."""

    name: str
    waiting: int
    taken: int
    oldest_at: datetime
    workers: int


def list_queues(workspace: Workspace, alive: Iterable[Worker]) -> list[QueueState]:
    """The queues that steps of a workspace are in, by name."""
    served = [worker.queues.split() for worker in alive]
    counted = (
        Remote.objects.filter(workspace_id=workspace.pk)
        .values("queue")
        .annotate(
            waiting=Count("pk", filter=Q(owner_id__isnull=True)),
            taken=Count("pk", filter=Q(owner_id__isnull=False)),
            oldest_at=Min("created_at"),
        )
        .order_by("queue")
    )
    return [
        QueueState(
            name=row["queue"],
            waiting=row["waiting"],
            taken=row["taken"],
            oldest_at=row["oldest_at"],
            workers=sum(
                row["queue"] in names or EVERY_QUEUE in names for names in served
            ),
        )
        for row in counted
    ]


def served_queues() -> frozenset[str]:
    """The queues that workers take from now; EVERY_QUEUE if one takes from all."""
    named = alive_workers().values_list("queues", flat=True)
    return frozenset(name for names in named for name in names.split())


def known_queues(workspace_id: UUID) -> frozenset[str]:
    """Names that are in use: by workers, by models, or by steps of the workspace."""
    rows = Remote.objects.filter(workspace_id=workspace_id)
    waiting = frozenset(rows.values_list("queue", flat=True).distinct())
    return (served_queues() | queue_names(workspace_id) | waiting) - {EVERY_QUEUE}
