"""Columns of a batch as PostgreSQL takes arrays in binary, and single values alike.

psycopg asks every value of a list what it is; here the statement's casts say so once,
which costs a fifth. Source: PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_recv,
and the receive function of each type.
"""

import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg.abc import AdaptContext
from psycopg.adapt import Dumper
from psycopg.pq import Format

# Dimensions, whether there are nulls, type of the elements; length and first index.
HEAD = struct.Struct(">iiIii")
LENGTH = struct.Struct(">i")
NULL = LENGTH.pack(-1)
UUID_LENGTH = LENGTH.pack(16)
SHORT = struct.Struct(">ii")
LONG = struct.Struct(">iq")
FLAGS = {
    None: NULL,
    False: LENGTH.pack(1) + b"\0",
    True: LENGTH.pack(1) + b"\1",
}
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
CAST = re.compile(r"%b::(\w+)\[\]")

Column = Sequence[Any]


class Packed(bytes):
    """A value as it goes over the wire; the statement's cast gives its type."""

    __slots__ = ()


class PackedDumper(Dumper):
    """Passes packed values on."""

    format = Format.BINARY

    def dump(self, obj: Packed) -> bytes:
        """Give what is packed already."""
        return obj


def register(context: AdaptContext) -> None:
    """Let a connection take packed values."""
    context.adapters.register_dumper(Packed, PackedDumper)


def casts(sql: str) -> list[str]:
    """List the types of the arrays that a statement takes, in its order."""
    return CAST.findall(sql)


def pack(kinds: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> list[Packed]:
    """Turn rows into one array for each column; none where there are no rows.

    Raises: OverflowError if a number does not fit its column.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return []
    try:
        return [_array(*pair) for pair in zip(kinds, columns, strict=True)]
    except struct.error as error:
        raise OverflowError(f"A number is too large for its column: {error}") from error


def pack_each(
    kinds: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> list[Packed | None]:
    """Turn rows into their values, one after the other, for a list of VALUES.

    Raises: OverflowError if a number does not fit its column.
    """
    packers = [KINDS[kind][1] for kind in kinds]
    try:
        return [
            _value(pack_column, value)
            for row in rows
            for pack_column, value in zip(packers, row, strict=True)
        ]
    except struct.error as error:
        raise OverflowError(f"A number is too large for its column: {error}") from error


def _value(pack_column: Callable[[Any], list[bytes]], value: object) -> Packed | None:
    return None if value is None else Packed(pack_column((value,))[0][LENGTH.size :])


def _array(kind: str, column: Column) -> Packed:
    oid, elements = KINDS[kind]
    head = HEAD.pack(1, 1, oid, len(column), 1)
    return Packed(head + b"".join(elements(column)))


def _uuids(column: Sequence[UUID | None]) -> list[bytes]:
    return [NULL if each is None else UUID_LENGTH + each.bytes for each in column]


def _texts(column: Sequence[str | None]) -> list[bytes]:
    return _bytes([each if each is None else each.encode() for each in column])


def _bytes(column: Sequence[bytes | None]) -> list[bytes]:
    length = LENGTH.pack
    return [NULL if each is None else length(len(each)) + each for each in column]


def _shorts(column: Sequence[int | None]) -> list[bytes]:
    return [NULL if each is None else SHORT.pack(4, each) for each in column]


def _longs(column: Sequence[int | None]) -> list[bytes]:
    return [NULL if each is None else LONG.pack(8, each) for each in column]


def _flags(column: Sequence[bool | None]) -> list[bytes]:
    return [FLAGS[each] for each in column]


def _times(column: Sequence[datetime | None]) -> list[bytes]:
    return [NULL if each is None else LONG.pack(8, _micros(each)) for each in column]


def _micros(at: datetime) -> int:
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


# The number of each type in the catalogue, which never changes, and how it is packed.
KINDS: Mapping[str, tuple[int, Callable[[Any], list[bytes]]]] = {
    "uuid": (2950, _uuids),
    "text": (25, _texts),
    "bytea": (17, _bytes),
    "int": (23, _shorts),
    "bigint": (20, _longs),
    "boolean": (16, _flags),
    "timestamptz": (1184, _times),
}
