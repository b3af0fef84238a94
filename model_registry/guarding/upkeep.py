"""What is done for the whole registry now and then, by one worker for all."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from model_registry.drifting.checking import check_drift
from model_registry.models import (
    Chore,
    HealthChange,
    ModelAnswers,
    ModelDrift,
    ModelFigures,
)

FIGURES_KEPT = timedelta(days=90)
# Somewhat longer than what drift is looked for in.
ANSWERS_KEPT = timedelta(days=35)
PORTION = 5_000


def keep_up() -> None:
    """Do the chores that are due, as far as no other worker does them."""
    for name, (every, work) in CHORES.items():
        if take(name, every):
            work()


def take(name: str, every: timedelta) -> bool:
    """Take a chore on if it is due. Returns: whether it is this worker's."""
    now = timezone.now()
    chore, _ = Chore.objects.get_or_create(name=name, defaults={"due_at": now})
    if chore.due_at > now:
        return False
    mine = Chore.objects.filter(pk=name, due_at=chore.due_at)
    return mine.update(due_at=now + every) == 1


def forget_old() -> None:
    """Delete figures, answers and changes of health that are older than is kept."""
    now = timezone.now()
    old, older = now - ANSWERS_KEPT, now - FIGURES_KEPT
    _delete(ModelFigures.objects.filter(hour__lt=older))
    _delete(ModelAnswers.objects.filter(slot__lt=old))
    _delete(HealthChange.objects.filter(at__lt=older))
    _delete(ModelDrift.objects.filter(Q(ended_at__lt=older)))


def _delete(found: QuerySet[Model]) -> None:
    """Delete in portions, so that nobody waits for long."""
    while keys := list(found.values_list("pk", flat=True)[:PORTION]):
        found.filter(pk__in=keys).delete()


CHORES: dict[str, tuple[timedelta, Callable[[], None]]] = {
    "drift": (timedelta(minutes=10), check_drift),
    "forgetting": (timedelta(hours=6), forget_old),
}
