"""Writing to the ledger, inside the transaction of what is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection
from django.utils import timezone

from orchestrator_site.ledger.chain import GENESIS, EventRow, Fact, event
from orchestrator_site.ledger.models import Chain, Event
from orchestrator_site.prepared import Rows
from orchestrator_site.prepared import insert as insert_tables

NAMESPACE = uuid5(NAMESPACE_URL, "baton:ledger")


class Subject(NamedTuple):
    """What an event is about: its kind of thing and its id."""

    type: str
    id: UUID

    @property
    def chain_id(self) -> UUID:
        """Id of the subject's chain."""
        return uuid5(NAMESPACE, f"{self.type}:{self.id}")


def record(
    *,
    workspace_id: UUID,
    subject: Subject,
    kind: str,
    actor: str,
    data: Mapping[str, Any],
) -> None:
    """Append an event to the subject's chain, in the caller's transaction.

    `kind` is `noun.verb` in the past tense; `data` holds ids, names, codes, whole
    numbers and digests, never content.
    Raises: RuntimeError outside a transaction; ValueError if `data` holds a float.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A ledger event needs the transaction of what it records.")
    _refuse_floats(data)
    placed = {**data, "subject": {"type": subject.type, "id": str(subject.id)}}
    fact = Fact(kind, actor, placed)
    while not _append(workspace_id, subject, fact):
        pass


def _append(workspace_id: UUID, subject: Subject, fact: Fact) -> bool:
    """Try to append; False if somebody else appended in between."""
    chain_id = subject.chain_id
    found = Chain.objects.filter(pk=chain_id).values_list("seq", "head").first()
    if found is None:
        chain = Chain(
            id=chain_id,
            workspace_id=workspace_id,
            subject=f"{subject.type} {subject.id}",
            head=GENESIS,
        )
        Chain.objects.bulk_create([chain], ignore_conflicts=True)
    seq, head = found or (0, GENESIS)
    row = event(
        fact,
        workspace_id=workspace_id,
        chain_id=chain_id,
        seq=seq + 1,
        head=bytes(head),
        at=timezone.now(),
    )
    moved = Chain.objects.filter(pk=chain_id, seq=seq).update(
        seq=row.seq, head=row.hash
    )
    if not moved:
        return False
    insert([row])
    return True


def insert(rows: list[EventRow]) -> None:
    """Store events whose places are already secured by their chain's head."""
    insert_tables(rows_of(rows))


def rows_of(events: Sequence[EventRow]) -> Rows:
    """The same, for whoever stores them with the head that secures their places."""
    return Rows.of(Event, events)


def _refuse_floats(value: object) -> None:
    """Raise ValueError where a float hides in `value`."""
    if isinstance(value, float):
        raise ValueError(
            f"{value} is a float; events hold whole numbers and text only."
        )
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
