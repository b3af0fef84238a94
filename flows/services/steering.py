"""Asking things of a run that is under way.

Each is a row in the run's inbox. The worker that holds the run decides, in the order
of these rows, what comes of it; so nothing here says more than "requested".
"""

from typing import Any, Literal

import orjson
from django.db import transaction
from django.db.models import Q

from flows.dispatch import ring_after_commit
from flows.errors import (
    RunEnded,
    RunNotPaused,
    RunNotPoisoned,
    StepEnded,
    StepNotFound,
    StepNotInDoubt,
)
from flows.models import Inbox, InboxKind, Run, RunStatus, Step, StepStatus

OPEN = (
    StepStatus.PENDING,
    StepStatus.RUNNING,
    StepStatus.WAITING,
    StepStatus.IN_DOUBT,
)


def request_cancel(run: Run, *, actor: str) -> None:
    """Ask for a run to be cancelled. Raises: RunEnded if it is over already."""
    _post(run, InboxKind.CANCEL, actor=actor)


def request_pause(run: Run, *, actor: str) -> None:
    """Ask for a run to start nothing more for now. Raises: RunEnded."""
    _post(run, InboxKind.PAUSE, actor=actor)


def request_resume(run: Run, *, actor: str) -> None:
    """Ask for a paused run to go on.

    Raises: RunEnded, and RunNotPaused if nobody has paused it or asked for that.
    """
    _refuse_ended(run)
    asked = Inbox.objects.filter(run=run, kind=InboxKind.PAUSE)
    if run.status != RunStatus.PAUSED and not asked.exists():
        raise RunNotPaused(run.pk, run.status)
    _post(run, InboxKind.RESUME, actor=actor)


def request_release(run: Run, *, actor: str) -> None:
    """Ask for a run to be tried again that was set aside, its crashes forgotten.

    Raises: RunEnded, and RunNotPoisoned if it has not been set aside.
    """
    _refuse_ended(run)
    if run.status != RunStatus.POISONED:
        raise RunNotPoisoned(run.pk, run.status)
    _post(run, InboxKind.RELEASE, actor=actor)


def request_cancel_step(run: Run, address: str, *, actor: str) -> None:
    """Ask for the step at `address`, or all steps under that scope, to be given up.

    A scope is a round (`draft:2`), an item (`each[3]`), or a whole loop or map.

    Raises: RunEnded, StepNotFound, StepEnded.
    """
    _refuse_ended(run)
    inside = Q(address=address)
    for sign in "/:[":
        inside |= Q(address__startswith=f"{address}{sign}")
    steps = Step.objects.filter(inside, run=run)
    if not steps.exists():
        raise StepNotFound(run.pk, address)
    if not steps.filter(status__in=OPEN).exists():
        raise StepEnded(run.pk, address)
    _post(run, InboxKind.CANCEL_STEP, actor=actor, address=address)


def resolve_doubt(
    run: Run,
    address: str,
    outcome: Literal["done", "not_done"],
    output: Any = None,  # noqa: ANN401  any JSON value
    *,
    attempt: int | None = None,
    actor: str,
) -> None:
    """Say of a step in doubt whether its effect took place, and what it gave.

    It is said of one attempt, that which is in doubt unless it is named, and counts for
    no other.
    Raises: RunEnded, StepNotFound, StepNotInDoubt.
    """
    _refuse_ended(run)
    last = Step.objects.filter(run=run, address=address).order_by("-attempt").first()
    if last is None:
        raise StepNotFound(run.pk, address)
    if last.status != StepStatus.IN_DOUBT:
        raise StepNotInDoubt(run.pk, address, last.status)
    if attempt not in (None, last.attempt):
        raise StepNotInDoubt(run.pk, address, f"at attempt {last.attempt}")
    said = {"attempt": last.attempt, "outcome": outcome, "output": output}
    body = orjson.dumps(said)
    _post(run, InboxKind.RESOLVE, actor=actor, address=address, body=body)


def _refuse_ended(run: Run) -> None:
    if run.ended_at is not None:
        raise RunEnded(run.pk, run.status)


@transaction.atomic
def _post(run: Run, kind: InboxKind, **values: Any) -> None:  # noqa: ANN401  columns
    _refuse_ended(run)
    Inbox.objects.create(run=run, kind=kind, **values)
    ring_after_commit()
