"""Prepared statements straight on libpq, for the one statement that every step waits for.

A cursor of psycopg asks each value what it is and turns the answer into rows by a loader
for each column, which takes 0.1 ms of a commit of 0.5. What is packed already needs
neither. Source: psycopg's `pq` module; ADR 0024.
"""

import re
import select
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import errors, pq

PLACEHOLDER = re.compile(r"%[bs]")
# Batches have sections in ever new company; a server should not keep them all.
MOST_KEPT = 100
READABLE = select.POLLIN
WRITABLE = select.POLLIN | select.POLLOUT

Values = Sequence[bytes | None]


class Statements:
    """Statements of one connection in autocommit, each prepared when first used."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._pgconn = connection.pgconn
        self._names: dict[str, bytes] = {}
        self._made = 0

    def run(
        self, sql: str, values: Values, meanwhile: Callable[[], None]
    ) -> list[list[bytes | None]]:
        """Carry out a statement whose casts give the types of its packed values.

        While the server is at work `meanwhile` is called, which must not use the
        connection. Returns: the rows, each value as it came over the wire.

        Raises: one of psycopg's errors.
        """
        name = self._names.get(sql) or self._prepare(sql)
        formats = [pq.Format.BINARY] * len(values)
        self._pgconn.send_query_prepared(name, values, formats, pq.Format.BINARY)
        while self._pgconn.flush():
            self._wait(WRITABLE)
        try:
            meanwhile()
        finally:
            result = self._answer()
        columns = range(result.nfields)
        return [
            [result.get_value(row, column) for column in columns]
            for row in range(result.ntuples)
        ]

    def _answer(self) -> pq.abc.PGresult:
        """The result of the statement, once its commit is in: it may fail there, too."""
        results = []
        while result := self._next_result():
            results.append(result)
        for each in results:
            _check(each)
        if not results:
            raise psycopg.OperationalError("The connection ended without an answer.")
        return results[0]

    def _next_result(self) -> pq.abc.PGresult | None:
        while self._pgconn.is_busy():
            self._wait(READABLE)
        return self._pgconn.get_result()

    def _wait(self, events: int) -> None:
        poll = select.poll()
        poll.register(self._pgconn.socket, events)
        for _, happened in poll.poll():
            if happened != select.POLLOUT:
                self._pgconn.consume_input()

    def _prepare(self, sql: str) -> bytes:
        if len(self._names) >= MOST_KEPT:
            oldest = next(iter(self._names))
            _check(self._pgconn.exec_(b"DEALLOCATE " + self._names.pop(oldest)))
        self._made += 1
        name = f"baton_{self._made}".encode()
        _check(self._pgconn.prepare(name, _numbered(sql).encode()))
        self._names[sql] = name
        return name


def _numbered(sql: str) -> str:
    """Write a statement with the placeholders that the server knows."""
    first, *others = PLACEHOLDER.split(sql)
    return first + "".join(f"${number}{text}" for number, text in enumerate(others, 1))


def _check(result: pq.abc.PGresult) -> None:
    if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
        raise errors.error_from_result(result)
