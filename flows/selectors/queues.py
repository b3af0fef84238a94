"""How the queues of steps stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from flows.models import Remote, Worker
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
