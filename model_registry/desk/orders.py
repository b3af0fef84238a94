"""Taking orders, so that each is somebody's and none is lost.

The row is the truth: whoever holds an order has it for a while and renews that as it
gets on. The order of a worker that died is taken by another, which goes on where the
rows end. An order that kills three workers at the same place is given up.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from model_registry.models import Order, WorkStatus

HOLD = timedelta(seconds=90)
MOST_TAKES = 3
GIVEN_UP = (
    "The workers that had this ended at the same place, three times. It was given up."
)

AnyOrder = TypeVar("AnyOrder", bound=Order)


def take(
    kind: type[AnyOrder], worker_id: UUID, serves: Callable[[str], bool]
) -> AnyOrder | None:
    """Take the oldest order that nobody has, of a queue that this worker serves."""
    free = _free(kind, worker_id).order_by("created_at")
    for pk, queue in free.values_list("pk", "queue"):
        if not serves(queue):
            continue
        now = timezone.now()
        taken = (
            _free(kind, worker_id)
            .filter(pk=pk)
            .update(
                status=WorkStatus.RUNNING,
                held_by=worker_id,
                held_until=now + HOLD,
                started_at=Coalesce(F("started_at"), now),
                takes=F("takes") + 1,
            )
        )
        if taken:
            return kind._default_manager.get(pk=pk)
    return None


def renew(order: Order, **progress: Any) -> bool:  # noqa: ANN401 - columns
    """Store that the order got on; False where it is no longer the holder's."""
    held = {"held_until": timezone.now() + HOLD, "takes": 0}
    return bool(_held(order).update(**held, **progress))


def finish(order: Order, status: WorkStatus, **values: Any) -> bool:  # noqa: ANN401
    """End the order; False where it is no longer the holder's."""
    ended = {"ended_at": timezone.now(), "held_by": None, "held_until": None}
    return bool(_held(order).update(status=status, **ended, **values))


def give_up(order: Order) -> bool:
    """End an order that was taken too often without getting on; whether it was."""
    if order.takes <= MOST_TAKES:
        return False
    return finish(order, WorkStatus.FAILED, error=GIVEN_UP)


def let_go(order: Order) -> None:
    """Leave the order to others, in an orderly way."""
    _held(order).update(held_by=None, held_until=None, takes=0)


def cancel(order: Order) -> bool:
    """End an order that is not over, whoever has it; whether that was so."""
    open_ones = type(order)._default_manager.filter(pk=order.pk, ended_at=None)
    return bool(
        open_ones.update(
            status=WorkStatus.CANCELLED,
            ended_at=timezone.now(),
            held_by=None,
            held_until=None,
        )
    )


def _free(kind: type[AnyOrder], worker_id: UUID) -> Any:  # noqa: ANN401 - a query
    lapsed = Q(held_until__isnull=True) | Q(held_until__lt=timezone.now())
    return kind._default_manager.filter(
        lapsed | Q(held_by=worker_id), ended_at__isnull=True
    )


def _held(order: Order) -> Any:  # noqa: ANN401 - a query
    return type(order)._default_manager.filter(
        pk=order.pk, held_by=order.held_by, ended_at__isnull=True
    )
