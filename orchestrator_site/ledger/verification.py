"""Reading the whole ledger again and naming the first record that does not hold."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import orjson
from django.db import connection

from orchestrator_site.ledger.chain import GENESIS, link
from orchestrator_site.ledger.models import Chain
from orchestrator_site.ledger.raw import (
    Only,
    RawEvent,
    check_file,
    read_events,
    snapshot,
)
from orchestrator_site.ledger.sources import registered


class Head(NamedTuple):
    """Where a chain ends according to the row that carries its head."""

    workspace_id: UUID
    chain_id: UUID
    seq: int
    hash: bytes
    name: str


class Flaw(NamedTuple):
    """The first record of a chain that does not hold."""

    chain: str
    seq: int
    reason: str

    def __str__(self) -> str:
        return f"{self.chain}, event {self.seq}: {self.reason}"


class Verified(NamedTuple):
    """What a verification read, and what it found wrong."""

    chains: int
    events: int
    flaws: list[Flaw]


class Source(Protocol):
    """An app whose rows carry chain heads, or content that events commit to."""

    def heads(self) -> Iterable[Head]:
        """Ends of the chains whose heads this app keeps."""

    def check(self, head: Head, events: list[dict[str, Any]]) -> Flaw | None:
        """Compare stored content with what the events of one chain commit to."""


class SubjectChains:
    """The chains whose heads the ledger keeps itself."""

    def heads(self) -> Iterator[Head]:
        """Ends of the chains of subjects."""
        for chain in Chain.objects.order_by("pk").iterator():
            yield Head(
                chain.workspace_id,
                chain.id,
                chain.seq,
                bytes(chain.head),
                chain.subject,
            )

    def check(self, head: Head, events: list[dict[str, Any]]) -> Flaw | None:
        """Find nothing: the ledger keeps no content of subjects."""
        del head, events
        return None


def verify() -> Verified:
    """Read every chain from its first event to its head, and what it commits to.

    Raises: DatabaseError if the database cannot be read at all.
    """
    with snapshot(connection):
        return _verify()


def verify_workspace(workspace_id: UUID) -> Verified:
    """Verify the chains of one workspace.

    Raises: DatabaseError if the database cannot be read at all.
    """
    with snapshot(connection):
        sources = _sources()
        heads = [head for head in _heads(sources) if head.workspace_id == workspace_id]
        rows = read_events(connection, Only("workspace_id", workspace_id))
        return _compare(rows, heads, sources)


def verify_chain(chain_id: UUID, find_head: Callable[[UUID], Head | None]) -> Verified:
    """Verify one chain, against the head that is found at the same moment.

    Raises: DatabaseError if the database cannot be read at all.
    """
    with snapshot(connection):
        head = find_head(chain_id)
        rows = read_events(connection, Only("chain_id", chain_id))
        return _compare(rows, [head] if head else [], _sources())


def _verify() -> Verified:
    sources = _sources()
    found = _compare(read_events(connection), _heads(sources), sources)
    damage = check_file(connection)
    if damage and not found.flaws:
        found.flaws.append(Flaw("database file", 0, damage))
    return found


def _sources() -> list[Source]:
    return [SubjectChains(), *(make() for make in registered())]


def _heads(sources: list[Source]) -> Iterator[Head]:
    return (head for source in sources for head in source.heads())


def _compare(
    events: Iterable[RawEvent], heads: Iterable[Head], sources: list[Source]
) -> Verified:
    """Hold events, by chain and place, against the heads of their chains."""
    unseen = {head.chain_id: head for head in heads}
    chains, count = len(unseen), 0
    flaws: list[Flaw] = []
    for chain_id, rows in groupby(events, lambda row: row.chain_id):
        chain = list(rows)
        count += len(chain)
        head = unseen.pop(_uuid(chain_id), None)
        flaw = _check_chain(chain_id, chain, head, sources)
        flaws += [flaw] if flaw else []
    flaws += [Flaw(head.name, 1, "missing") for head in unseen.values() if head.seq]
    return Verified(chains, count, flaws)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _check_chain(
    chain_id: str, rows: list[RawEvent], head: Head | None, sources: list[Source]
) -> Flaw | None:
    if head is None:
        return Flaw(
            f"chain {chain_id}", rows[0].seq, "no row carries this chain's head"
        )
    last = GENESIS
    for expected, row in enumerate(rows, start=1):
        reason = _flaw_of(row, expected, last, head.chain_id)
        if reason:
            return Flaw(head.name, expected, reason)
        last = row.hash
    if (head.seq, head.hash) != (len(rows), last):
        at = min(head.seq, len(rows)) + (head.seq != len(rows))
        return Flaw(head.name, at, f"the chain's head says {head.seq} events")
    bodies = [orjson.loads(row.body) for row in rows]
    flaws = (source.check(head, bodies) for source in sources)
    return next((flaw for flaw in flaws if flaw), None)


def _flaw_of(row: RawEvent, expected: int, last: bytes, chain_id: UUID) -> str | None:
    if row.seq != expected:
        return "missing, or its columns are damaged"
    if link(last, chain_id, row.seq, row.body) != row.hash:
        return "its content does not match its hash"
    body = orjson.loads(row.body)
    columns = {"workspace": row.workspace_id, "at": row.at, "kind": row.kind}
    wrong = [name for name, stored in columns.items() if body[name] != stored]
    return f"its column {wrong[0]} differs from its content" if wrong else None
