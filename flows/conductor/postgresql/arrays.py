"""Columns of a batch as PostgreSQL takes arrays in binary, and single values alike.

psycopg asks every value of a list what it is; here the statement's casts say so once,
which costs a fifth. Source: PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_recv,
and the receive function of each type.
"""

import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

# Dimensions, whether there are nulls, type of the elements; length and first index.
HEAD = struct.Struct(">iiIii")
LENGTH = struct.Struct(">i")
BIG = struct.Struct(">q")
NULL = LENGTH.pack(-1)
UUID_LENGTH = LENGTH.pack(16)
SHORT = struct.Struct(">ii")
LONG = struct.Struct(">iq")
FLAGS = {
    None: NULL,
    False: LENGTH.pack(1) + b"\0",
    True: LENGTH.pack(1) + b"\1",
}
FLAG = struct.Struct("?")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
CAST = re.compile(r"%b::(\w+)\[\]")

Column = Sequence[Any]


def casts(sql: str) -> list[str]:
    """List the types of the arrays that a statement takes, in its order."""
    return CAST.findall(sql)


def pack(kinds: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> list[bytes]:
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
) -> list[bytes | None]:
    """Turn rows into their values, one after the other, for a list of VALUES.

    Raises: OverflowError if a number does not fit its column.
    """
    packers = [SINGLE[kind] for kind in kinds]
    try:
        return [
            None if value is None else pack_value(value)
            for row in rows
            for pack_value, value in zip(packers, row, strict=True)
        ]
    except struct.error as error:
        raise OverflowError(f"A number is too large for its column: {error}") from error


def pack_numbers(numbers: Column) -> bytes:
    """Turn whole numbers, or none of them, into an array."""
    return _array("bigint", numbers) if numbers else NO_NUMBERS


def _array(kind: str, column: Column) -> bytes:
    oid, elements = KINDS[kind]
    head = HEAD.pack(1, 1, oid, len(column), 1)
    return head + b"".join(elements(column))


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
# The same for a value that stands alone, which needs no length.
SINGLE: Mapping[str, Callable[[Any], bytes]] = {
    "uuid": attrgetter("bytes"),
    "text": str.encode,
    "bytea": bytes,
    "int": LENGTH.pack,
    "bigint": BIG.pack,
    "boolean": FLAG.pack,
    "timestamptz": lambda at: BIG.pack(_micros(at)),
}
NO_NUMBERS = struct.pack(">iiI", 0, 0, KINDS["bigint"][0])
