"""Counting calls in memory, and adding the counts to the table now and then.

A call in the conductor's loop costs a dictionary look-up and a few additions; the
database is asked once every few seconds, in one statement for all models.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from model_registry.guarding.adding import add_rows
from model_registry.guarding.latency import bucket_of
from model_registry.models import ModelFigures

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
    rows = {
        (key.version_id, _began(key.hour), key.tag, key.bucket): counts
        for key, counts in taken.items()
    }
    add_rows(ModelFigures, KEYS, ADDED, rows)


def _began(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * HOUR_S, UTC)


TALLY = Tally()
