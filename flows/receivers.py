"""What flows do when something happens elsewhere."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from celery.app.utils import Settings
from celery.signals import celeryd_init, worker_ready, worker_shutting_down
from django.dispatch import receiver

from approvals.api import RunOver, approval_decided
from flows.conductor import process
from flows.conductor.remote.served import Served
from flows.dispatch import ring_after_commit
from flows.models import Inbox, Run


@celeryd_init.connect
def read_queues(conf: Settings, options: Mapping[str, Any], **_kwargs: object) -> None:
    """Serve the queues that this worker was started with, and take their bells."""
    names = options.get("queues")
    if isinstance(names, str):
        names = names.split(",")
    process.PROCESS.served = Served.by_names(names, conf.task_default_queue)


@worker_ready.connect
def start_work(**_kwargs: object) -> None:
    """Work for runs from the moment this worker takes messages."""
    process.spare_what_is_loaded()
    process.start()


@worker_shutting_down.connect
def stop_work(**_kwargs: object) -> None:
    """Let go of runs before Celery ends the process."""
    process.stop()


@receiver(approval_decided)
def post_decision(run_id: UUID, address: str, actor: str, **decided: object) -> None:
    """Put a decision into the inbox of its run, in the transaction of the decision.

    Raises: RunOver if nobody will take it in any more.
    """
    run = Run.objects.filter(pk=run_id, ended_at__isnull=True).first()
    if run is None:
        raise RunOver
    body = {
        "approval_id": str(decided["approval_id"]),
        "outcome": decided["outcome"],
        "edited": decided["edited"],
        "fields": decided["fields"],
        "reason": decided["reason"],
        "decision": decided["decision_hash"],
        "dwell_ms": decided["dwell_ms"],
    }
    Inbox.objects.create(
        run=run,
        kind="decision",
        actor=actor,
        address=address,
        body=orjson.dumps(body),
    )
    ring_after_commit()
