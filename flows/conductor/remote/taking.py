"""Taking steps from queues and answering them: compare-and-set, by whichever worker."""

from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from flows.conductor.held import WORKER, Outcome
from flows.conductor.remote.requests import answer_of
from flows.conductor.remote.served import Served
from flows.models import Inbox, InboxKind, Remote
from orchestrator_site.ledger.api import Blob


def take_steps(
    worker_id: UUID, served: Served, *, computes: bool, limit: int
) -> list[Remote]:
    """Take up to `limit` steps that nobody has, the most urgent first, then the oldest."""
    free = Remote.objects.filter(owner_id=None, computes=computes)
    if served.names is not None:
        free = free.filter(queue__in=served.names)
    found = list(free.order_by("-priority", "id")[:limit])
    return [step for step in found if _take(step, worker_id)]


def answer_step(step: Remote, worker_id: UUID, outcome: Outcome) -> bool:
    """Put what came of a step into its run's inbox; False if nobody asks any more.

    The row goes with the answer, so that there is one for each.
    """
    answer, stored = answer_of(outcome)
    body = {"attempt": step.attempt, **answer}
    with transaction.atomic():
        ours = Remote.objects.filter(pk=step.pk, owner_id=worker_id)
        if not ours.delete()[0]:
            return False
        if stored.blob is not None:
            blob = Blob(owner_id=step.run_id, digest=stored.digest, data=stored.blob)
            Blob.objects.bulk_create([blob], ignore_conflicts=True)
        Inbox.objects.create(
            run_id=step.run_id,
            kind=InboxKind.REMOTE,
            actor=WORKER,
            address=step.address,
            body=orjson.dumps(body),
        )
    return True


def take_back(run_id: UUID, address: str) -> bool:
    """Take a step out of its queue for good; False if a worker has it, or has had it.

    For what mail asks for alone: a holder that dies before it records this leaves the
    mail to the next one, who finds nothing in the queue and nothing answered.
    """
    step = Remote.objects.filter(run_id=run_id, address=address)
    if step.filter(owner_id=None).delete()[0]:
        return True
    answer = Inbox.objects.filter(run_id=run_id, kind=InboxKind.REMOTE, address=address)
    return not step.exists() and not answer.exists()


def give_back(worker_id: UUID) -> int:
    """Leave to others what may be begun again; how many steps."""
    taken = Remote.objects.filter(owner_id=worker_id, is_once=False)
    return taken.update(owner_id=None, taken_at=None)


def _take(step: Remote, worker_id: UUID) -> bool:
    free = Remote.objects.filter(pk=step.pk, owner_id=None)
    return bool(free.update(owner_id=worker_id, taken_at=timezone.now()))
