"""Reading the steps of a run without what they gave: a run may have very many."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import orjson
from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import StrIndex, Substr

from flows.models import Run, Step, StepStatus, Wait
from flows.selectors.standing import doubts
from orchestrator_site.ledger.api import Event

OPEN = (
    StepStatus.PENDING,
    StepStatus.RUNNING,
    StepStatus.WAITING,
    StepStatus.IN_DOUBT,
)


class BodyCount(NamedTuple):
    """How many steps of a node in the body of a map stand so, over all items."""

    node_id: str
    status: str
    total: int


class MapCount(NamedTuple):
    """How the items of one pass through a map stand; `region` is the map's address.

    `begun` includes those that have ended.
    """

    region: str
    begun: int
    open: int
    failed: int
    first_start: datetime | None
    last_end: datetime | None


def list_plain_steps(run: Run) -> list[Step]:
    """Every attempt at a step outside of maps, in the order of recording."""
    return list(_light(run).exclude(address__contains="["))


def list_item_steps(run: Run, region: str) -> list[Step]:
    """Every attempt at a step in the items of one map, those of inner maps included."""
    return list(_light(run).filter(address__startswith=f"{region}["))


def list_attempts(run: Run, address: str) -> list[Step]:
    """All attempts at one step with what they gave, the first one first."""
    found = Step.objects.filter(run=run, address=address)
    return list(found.order_by("attempt"))


def list_doubtful(run: Run) -> list[str]:
    """Addresses of the steps of which a person has to say whether they happened."""
    found = doubts().filter(run=run)
    return list(found.order_by("seq").values_list("address", flat=True))


def count_bodies(run: Run) -> list[BodyCount]:
    """The last attempts at the steps in maps, by node and status.

    Where an item is a run of its own, its steps are that run's.
    """
    counted = (
        _last_attempts(run)
        .filter(address__contains="[")
        .exclude(address__endswith="]")
        .order_by()
        .values("node_id", "status")
        .annotate(total=Count("address"))
    )
    return [BodyCount(**row) for row in counted]


def count_items(run: Run) -> list[MapCount]:
    """The items of each map that stands in no other map."""
    in_items = _last_attempts(run).filter(address__contains="[").order_by()
    counted = (
        in_items.annotate(
            region=Substr("address", 1, StrIndex(F("address"), Value("[")) - 1),
            item=Substr("address", 1, StrIndex(F("address"), Value("]"))),
        )
        .values("region")
        .annotate(
            begun=Count("item", distinct=True),
            open=Count("item", distinct=True, filter=Q(status__in=OPEN)),
            failed=Count("item", distinct=True, filter=_failed()),
            first_start=Min("started_at"),
            last_end=Max("ended_at"),
        )
    )
    return [MapCount(**row) for row in counted]


def item_totals(steps: Iterable[Step]) -> dict[str, int]:
    """How many items each of these running maps has, by its address.

    The event that recorded its start says so.
    """
    running = {step.seq: step for step in steps if step.status == StepStatus.RUNNING}
    if not running:
        return {}
    run_id = next(iter(running.values())).run_id
    totals = {}
    for event in Event.objects.filter(chain_id=run_id, seq__in=running):
        facts = orjson.loads(bytes(event.body))["data"]
        if "items" in facts:
            totals[running[event.seq].address] = int(facts["items"])
    return totals


def list_waits(run: Run) -> list[Wait]:
    """The moments and events that a run waits for, what is due first."""
    return list(Wait.objects.filter(run=run).order_by(F("due_at").asc(nulls_last=True)))


def _light(run: Run) -> QuerySet[Step]:
    found = Step.objects.filter(run=run).defer("result")
    return found.order_by("seq", "status", "address")


def _last_attempts(run: Run) -> QuerySet[Step]:
    later = Step.objects.filter(
        run_id=OuterRef("run_id"),
        address=OuterRef("address"),
        attempt__gt=OuterRef("attempt"),
    )
    return Step.objects.filter(run=run).exclude(Exists(later))


def _failed() -> Q:
    """One that has a port went on by it, so its item did not fail."""
    return Q(status=StepStatus.FAILED, port__isnull=True)
