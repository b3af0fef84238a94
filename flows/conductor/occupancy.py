"""Who has the slots of a key, or waits for one."""

from uuid import UUID

from django.db.models import QuerySet

from flows.conductor.slots import Need
from flows.models import Run, Slot


def is_full(need: Need) -> bool:
    """Whether a new run would have to wait for its slot."""
    waiting = _unended(need.key).filter(blocked=True)
    return Slot.objects.filter(key=need.key).count() + waiting.count() >= need.limit


def unended_runs(key: str) -> list[UUID]:
    """All runs that have a slot of the key, or wait for one."""
    return list(_unended(key).values_list("pk", flat=True))


def _unended(key: str) -> QuerySet[Run]:
    return Run.objects.filter(slot_key=key, ended_at=None)
