"""Stored bytes as they are, not as the ORM would tidy them up.

SQLite keeps any bytes in any column. Whoever checks for tampering must not let a
converter repair them (an upper-case UUID, another separator in a time), must not read
an index in the table's place, and must not fail on text that is not UTF-8.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from orchestrator_site.ledger.chain import stamp

SQLITE_TYPES = "text,integer,text,text,text,blob,blob"


class RawEvent(NamedTuple):
    """An event's columns; a column that is not as Baton writes it is left as found."""

    chain_id: str
    seq: int
    workspace_id: str
    at: str
    kind: str
    body: bytes
    hash: bytes


class Only(NamedTuple):
    """The events to read: those with this id in this column."""

    column: str
    id: UUID


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Read one moment of the database, while others go on writing."""
    if connection.in_atomic_block:
        yield
        return
    # Django's own transactions take SQLite's write lock at once.
    begin = "BEGIN"
    if connection.vendor == "postgresql":
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def check_file(connection: BaseDatabaseWrapper) -> str | None:
    """What SQLite itself finds wrong with its file; None where it finds nothing."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(1)")
        verdict = str(cursor.fetchone()[0])
    return None if verdict == "ok" else " ".join(verdict.split())


def read_events(
    connection: BaseDatabaseWrapper, only: Only | None = None
) -> Iterator[RawEvent]:
    """Events by chain and place; all of them, or `only` some."""
    if connection.vendor == "sqlite":
        return _read_sqlite(connection, only)
    return _read_postgresql(connection, only)


def _read_sqlite(
    connection: BaseDatabaseWrapper, only: Only | None
) -> Iterator[RawEvent]:
    columns = ("chain_id", "seq", "workspace_id", "at", "kind", "body", "hash")
    types = " || ',' || ".join(f"typeof({column})" for column in columns)
    values = ", ".join(
        column if column == "seq" else f"CAST({column} AS BLOB)" for column in columns
    )
    # An index may say where the rows are, never what stands in them.
    found = "SELECT rowid FROM ledger_event"
    where = f"WHERE rowid IN ({found} WHERE {only.column} = %s)" if only else ""
    table = f"ledger_event NOT INDEXED {where}"
    sql = f"SELECT {values}, {types} FROM {table} ORDER BY 1, 2"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [only.id.hex] if only else [])
        while rows := cursor.fetchmany(500):
            for chain_id, seq, workspace_id, at, kind, body, digest, found in rows:
                yield RawEvent(
                    sqlite_uuid(chain_id),
                    seq if found == SQLITE_TYPES else -1,
                    sqlite_uuid(workspace_id),
                    sqlite_time(at),
                    kind.decode("utf-8", "backslashreplace"),
                    body or b"",
                    digest or b"",
                )


def sqlite_uuid(stored: bytes) -> str:
    """A UUID's text if it is stored exactly as Django writes it."""
    text = stored.decode("utf-8", "backslashreplace")
    try:
        value = UUID(text)
    except ValueError:
        return text
    return str(value) if value.hex == text else f"not a stored id: {text}"


def sqlite_time(stored: bytes) -> str:
    """A moment's text if it is stored exactly as Django writes it."""
    text = stored.decode("utf-8", "backslashreplace")
    try:
        value = datetime.fromisoformat(text + "+00:00")
    except ValueError:
        return text
    if str(value.replace(tzinfo=None)) != text:
        return text
    return stamp(value)


def _read_postgresql(
    connection: BaseDatabaseWrapper, only: Only | None
) -> Iterator[RawEvent]:
    where = f"WHERE {only.column} = %s" if only else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chain_id::text, seq, workspace_id::text, at, kind, body, hash"  # noqa: S608
            f" FROM ledger_event {where} ORDER BY chain_id, seq",
            [only.id] if only else [],
        )
        while rows := cursor.fetchmany(500):
            for chain_id, seq, workspace_id, at, kind, body, digest in rows:
                yield RawEvent(
                    chain_id,
                    seq,
                    workspace_id,
                    stamp(at),
                    kind,
                    bytes(body),
                    bytes(digest),
                )
