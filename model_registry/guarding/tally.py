"""Counting calls in memory, and adding the counts to the table now and then.

A call in the conductor's loop costs a dictionary look-up and a few additions; the
database is asked once every few seconds, in one statement for all models.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from model_registry.guarding.latency import bucket_of
from model_registry.models import ModelFigures
from orchestrator_site.accounts.api import new_id

HOUR_S = 3600
# More than any process counts between two flushes, unless nobody flushes.
MOST_KEYS = 20_000
ADDED = (
    "calls",
    "errors",
    "retries",
    "cost_usd_micros",
    "input_tokens",
    "output_tokens",
)
KEYS = ("version_id", "hour", "tag", "bucket")
COLUMNS = ("id", "version", *KEYS[1:], *ADDED)
# SQLite takes so many parameters, and few processes count more in five seconds.
ROWS_AT_ONCE = 2000


class Called(NamedTuple):
    """One call as it is counted. `is_error`: no answer; `is_retry`: not the first try."""

    version_id: UUID
    tag: str
    latency_s: float
    is_error: bool = False
    is_retry: bool = False
    cost_usd_micros: int = 0
    usage: Mapping[str, int] = {}


class Key(NamedTuple):
    """What is added up together; `hour` counts from 1970."""

    version_id: UUID
    hour: int
    tag: str
    bucket: int


Counts = list[int]


class Tally:
    """The calls of this process since the last flush. Any thread may count."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counted: dict[Key, Counts] = {}

    def add(self, call: Called) -> None:
        """Count a call."""
        bucket = bucket_of(call.latency_s * 1000)
        key = Key(call.version_id, int(self._clock() // HOUR_S), call.tag, bucket)
        with self._lock:
            counts = self._counted.get(key)
            if counts is None:
                if len(self._counted) >= MOST_KEYS:
                    return
                counts = self._counted[key] = [0] * len(ADDED)
            counts[0] += 1
            counts[1] += call.is_error
            counts[2] += call.is_retry
            counts[3] += call.cost_usd_micros
            if call.usage:
                counts[4] += call.usage.get("input_tokens", 0)
                counts[5] += call.usage.get("output_tokens", 0)

    def take(self) -> dict[Key, Counts]:
        """Hand over what has been counted, and begin anew."""
        with self._lock:
            taken, self._counted = self._counted, {}
        return taken

    def put_back(self, taken: Mapping[Key, Counts]) -> None:
        """Count again what could not be stored."""
        with self._lock:
            for key, counts in taken.items():
                known = self._counted.setdefault(key, [0] * len(ADDED))
                known[:] = [a + b for a, b in zip(known, counts, strict=True)]


def flush(tally: Tally) -> int:
    """Add what has been counted to the table. Returns: how many rows that took.

    Raises: DatabaseError; what has been counted is then kept.
    """
    taken = tally.take()
    if not taken:
        return 0
    try:
        _store(taken)
    except BaseException:
        tally.put_back(taken)
        raise
    return len(taken)


def _store(taken: Mapping[Key, Counts]) -> None:
    """In one order, so that two workers never wait for each other's rows."""
    known = {field.name: field for field in ModelFigures._meta.concrete_fields}
    columns = [known[name] for name in COLUMNS]
    for keys in batched(sorted(taken), ROWS_AT_ONCE):
        values: list[Any] = []
        for key in keys:
            hour = datetime.fromtimestamp(key.hour * HOUR_S, UTC)
            row = (new_id(), key.version_id, hour, key.tag, key.bucket, *taken[key])
            values += [
                column.get_db_prep_save(value, connection)
                for column, value in zip(columns, row, strict=True)
            ]
        with connection.cursor() as cursor:
            cursor.execute(_statement(len(keys)), values)


def batched(keys: Sequence[Key], size: int) -> Iterator[Sequence[Key]]:
    """Portions of at most `size`."""
    for first in range(0, len(keys), size):
        yield keys[first : first + size]


def _statement(rows: int) -> str:
    row = f"({', '.join(['%s'] * len(COLUMNS))})"
    table, names = "model_registry_modelfigures", ", ".join(("id", *KEYS, *ADDED))
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in ADDED)
    return (
        f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * rows)} "  # noqa: S608  constants of this module
        f"ON CONFLICT ({', '.join(KEYS)}) DO UPDATE SET {added}"
    )


TALLY = Tally()
