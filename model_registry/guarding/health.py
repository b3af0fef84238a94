"""How versions are: what probes find, and which breakers have opened."""

import threading
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from model_registry.adapters.base import Health
from model_registry.governance import Status
from model_registry.guarding.borrowing import borrowed_connection
from model_registry.guarding.breaker import Breaker
from model_registry.live import announce_model
from model_registry.models import (
    Alias,
    HealthChange,
    Model,
    ModelHealth,
    ModelVersion,
)
from model_registry.probing import check_health
from model_registry.resolving import ResolvedModel, resolved_of, whole_versions

EVERY_S = 60.0
# How many versions a worker takes on at a time: others may take the rest.
PORTION = 10
SHOWN = 500


class News(NamedTuple):
    """A breaker that has opened or closed, whose it is, and after which error."""

    workspace_id: UUID
    model_id: UUID
    breaker: Breaker
    code: str


class BreakerNews:
    """Breakers of this process whose rows do not say yet how they stand.

    What a call finds is stored later, by another thread. `has_some` wakes it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._news: dict[UUID, News] = {}
        self.has_some = threading.Event()

    def put(self, resolved: ResolvedModel, breaker: Breaker, code: str) -> None:
        """Have the breaker's standing stored soon; `code` is that of the last error."""
        with self._lock:
            self._news[resolved.version_id] = News(
                resolved.workspace_id, resolved.model_id, breaker, code
            )
        self.has_some.set()

    def store(self) -> None:
        """Store and announce all there is. Raises: DatabaseError; the rest is kept."""
        self.has_some.clear()
        while True:
            with self._lock:
                if not self._news:
                    return
                version_id, news = next(iter(self._news.items()))
            _store_breaker(version_id, news)
            with self._lock:
                if self._news.get(version_id) is news:
                    del self._news[version_id]
            announce_model(news.workspace_id, news.model_id)


BREAKER_NEWS = BreakerNews()


@transaction.atomic
def _store_breaker(version_id: UUID, news: News) -> None:
    """Store how a breaker stands; of a version that is gone there is nothing to say."""
    if not ModelVersion.objects.filter(pk=version_id).exists():
        return
    now = timezone.now()
    is_closed = news.breaker.state == "closed"
    ModelHealth.objects.get_or_create(version_id=version_id, defaults={"due_at": now})
    row = ModelHealth.objects.filter(pk=version_id)
    was_closed = row.filter(breaker_until__isnull=True).exists()
    row.update(
        breaker_until=None
        if is_closed
        else now + timedelta(seconds=news.breaker.left_s),
        breaker_generation=F("breaker_generation") + 1,
        breaker_changed_at=now,
    )
    if was_closed == is_closed:
        return  # it stays open for longer, or another worker has told already
    HealthChange.objects.create(
        version_id=version_id,
        source=HealthChange.Source.BREAKER,
        is_well=is_closed,
        reason="" if is_closed else news.code,
        at=now,
    )


def probe_due() -> int:
    """Look after the versions that an alias points at and whose time has come.

    Several workers may do so at once: each version is looked after by one of them.
    Returns: how many this one has looked after.
    """
    with borrowed_connection():
        taken = _take_due()
    for resolved in taken:
        found = check_health(resolved)
        with borrowed_connection():
            note(resolved, found)
    return len(taken)


def note(resolved: ResolvedModel, found: Health) -> None:
    """Store what a probe has found; announce it if that is news."""
    now = timezone.now()
    row = ModelHealth.objects.filter(pk=resolved.version_id)
    # Only one worker probes a version: nobody else changes it in between.
    is_news = row.values_list("is_well", flat=True).first() != found.ok
    row.update(
        is_well=found.ok,
        latency_ms=found.latency_ms,
        message=found.message[:SHOWN],
        checked_at=now,
        **({"changed_at": now} if is_news else {}),
    )
    if is_news:
        HealthChange.objects.create(
            version_id=resolved.version_id,
            source=HealthChange.Source.PROBE,
            is_well=found.ok,
            reason=found.message[:SHOWN],
            at=now,
        )
        announce_model(resolved.workspace_id, resolved.model_id)


def _take_due() -> list[ResolvedModel]:
    _add_missing()
    now = timezone.now()
    due = ModelHealth.objects.filter(
        due_at__lte=now, version__in=_looked_after()
    ).order_by("due_at")[:PORTION]
    next_due = now + timedelta(seconds=EVERY_S)
    mine = [
        row.pk
        for row in due
        if ModelHealth.objects.filter(pk=row.pk, due_at=row.due_at).update(
            due_at=next_due
        )
    ]
    return [resolved_of(version) for version in whole_versions().filter(pk__in=mine)]


def _add_missing() -> None:
    new = _looked_after().filter(health__isnull=True)
    now = timezone.now()
    ModelHealth.objects.bulk_create(
        [
            ModelHealth(version_id=pk, due_at=now)
            for pk in new.values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )


def _looked_after() -> QuerySet[ModelVersion]:
    """The versions that may be called by way of an alias, and here.

    Those of a queue are left to their calls: this worker may not be able to.
    """
    called = Alias.objects.filter(version=OuterRef("pk"))
    return ModelVersion.objects.filter(
        Exists(called),
        queue="",
        model__kind=Model.Kind.MODEL,
        standing__status=Status.APPROVED,
    )
