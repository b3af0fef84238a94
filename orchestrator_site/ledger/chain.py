"""Hash chains over exact bytes. Pure.

Source: RFC 9162 section 2.1.1 for the leaf prefix; ADR 0005.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

GENESIS = bytes(32)
LEAF = b"\x00"


class EventRow(NamedTuple):
    """One event as it is stored; `body` holds everything, the rest repeats it."""

    chain_id: UUID
    seq: int
    workspace_id: UUID
    at: datetime
    kind: str
    body: bytes
    hash: bytes


def canonical(value: object) -> bytes:
    """Dump as compact JSON with sorted keys, so that equal values are equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def link(head: bytes, chain_id: UUID, seq: int, body: bytes) -> bytes:
    """Hash of the event `seq` whose predecessor's hash is `head`."""
    place = seq.to_bytes(8, "big") + len(body).to_bytes(8, "big")
    return hashlib.sha256(LEAF + head + chain_id.bytes + place + body).digest()


class Fact(NamedTuple):
    """What happened, before it has a place in a chain.

    `data` holds ids, names, codes, whole numbers and digests: never content, since an
    event cannot be erased. It holds no floats, whose text differs between writers.
    """

    kind: str
    actor: str
    data: Mapping[str, Any]


def event(
    fact: Fact,
    *,
    workspace_id: UUID,
    chain_id: UUID,
    seq: int,
    head: bytes,
    at: datetime,
) -> EventRow:
    """Put a fact at the end of a chain."""
    body = canonical(
        {
            "actor": fact.actor,
            "at": stamp(at),
            "data": fact.data,
            "kind": fact.kind,
            "workspace": workspace_id,
        }
    )
    digest = link(head, chain_id, seq, body)
    return EventRow(chain_id, seq, workspace_id, at, fact.kind, body, digest)


def stamp(at: datetime) -> str:
    """The moment as RFC 3339 text in UTC with microseconds."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{text}Z"
