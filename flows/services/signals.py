"""Sending events to runs that wait for them, now or later."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from flows.conductor.matching import deliver_postgresql, deliver_sqlite
from flows.dispatch import ring
from flows.errors import (
    EventWordUnfit,
    MessageIdReused,
    RunEnded,
    SignalTooLarge,
)
from flows.models import Run, Signal
from flows.services.statements import execute
from orchestrator_site.accounts.api import Workspace, new_id
from orchestrator_site.ledger.api import Stored, Subject, record, store

DEFAULT_TTL_S = 86_400.0
# A run may register its wait long after it was told.
RUN_TTL_S = 30 * 86_400.0
MAX_TTL_S = 366 * 86_400
MAX_DATA_BYTES = 1_000_000
# Of a name, a key or a message id.
MAX_WORD = 200

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, for runs that wait for `name` and the correlation `key`.

    The same `message_id` again in the same workspace is the same event. It is kept for
    `ttl_s` seconds, by default a day, for one run 30 days.
    """

    name: str
    data: Any = None
    key: str = ""
    message_id: str | None = None
    ttl_s: float | None = None


class Sent(NamedTuple):
    """An event as it is kept, and whether this call stored it."""

    signal: Signal
    is_new: bool


def send_signal(workspace: Workspace, event: Event, *, actor: str) -> Sent:
    """Keep an event, for each run of the workspace that waits for it within its time.

    Raises: EventWordUnfit, SignalTooLarge, MessageIdReused.
    """
    with transaction.atomic():
        stored = _seal(event)
        sent = _keep(Signal(workspace=workspace, key=event.key), event, stored, actor)
        if sent.is_new:
            record(
                workspace_id=workspace.pk,
                subject=Subject("signal", sent.signal.pk),
                kind="signal.sent",
                actor=actor,
                data={"name": event.name, "bytes": stored.size_bytes},
            )
    return sent


@transaction.atomic
def signal_run(run: Run, event: Event, *, actor: str) -> Sent:
    """Keep an event for one run, until it waits for that name; the key does not count.

    The run's own chain tells of it once the run has taken it.
    Raises: RunEnded, EventWordUnfit, SignalTooLarge, MessageIdReused.
    """
    if run.ended_at is not None:
        raise RunEnded(run.pk, run.status)
    kept = Signal(workspace_id=run.workspace_id, run=run)
    return _keep(kept, event, _seal(event), actor)


def _seal(event: Event) -> Stored:
    _check_words(event)
    stored = store(event.data)
    if stored.size_bytes > MAX_DATA_BYTES:
        raise SignalTooLarge(stored.size_bytes, MAX_DATA_BYTES)
    return stored


def _check_words(event: Event) -> None:
    """Refuse what PostgreSQL would not store, whatever the database is."""
    for field in ("name", "key", "message_id"):
        word: str | None = getattr(event, field)
        is_missing = word == "" and field != "key"
        if word and (len(word) > MAX_WORD or "\0" in word) or is_missing:
            raise EventWordUnfit(field, len(word or ""), MAX_WORD)


def _keep(signal: Signal, event: Event, stored: Stored, actor: str) -> Sent:
    """Store it unless it is there already; deliver it after the commit."""
    now = timezone.now()
    default = RUN_TTL_S if signal.run_id else DEFAULT_TTL_S
    signal.name, signal.actor = event.name, actor
    signal.message_id = event.message_id or str(new_id())
    signal.body = stored.blob or stored.cell
    signal.created_at = now
    signal.expires_at = now + timedelta(seconds=event.ttl_s or default)
    Signal.objects.bulk_create([signal], ignore_conflicts=True)
    kept = Signal.objects.get(
        workspace_id=signal.workspace_id, message_id=signal.message_id
    )
    if kept.pk == signal.pk:
        transaction.on_commit(partial(_deliver, signal.pk))
        return Sent(kept, is_new=True)
    if (kept.name, kept.key, kept.run_id) != (signal.name, signal.key, signal.run_id):
        raise MessageIdReused(signal.message_id)
    return Sent(kept, is_new=False)


def _deliver(signal_id: UUID) -> None:
    """Bring it to whoever waits already; whoever waits later looks for it."""
    deliver = deliver_postgresql
    if connection.vendor == "sqlite":
        deliver = deliver_sqlite
    try:
        with transaction.atomic():
            delivered = deliver(execute, "signals", [signal_id])
    except DatabaseError as error:
        logger.warning("The sweep will deliver event %s: %s", signal_id, error)
        return
    if delivered:
        ring()
