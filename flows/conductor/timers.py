"""When something is due in this process, on the monotonic clock."""

import heapq
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flows.conductor import clock

SOON_S = 2.0


class Due(NamedTuple):
    """A moment of a call: to show that it has started, or to end its step."""

    at: float
    run_id: UUID
    epoch: int
    address: str


class Timers:
    """A heap of what is due; entries of calls that have ended are simply ignored."""

    def __init__(self) -> None:
        self._heap: list[Due] = []

    def add(self, due: Due) -> None:
        """Remember it."""
        heapq.heappush(self._heap, due)

    def due(self) -> Iterator[Due]:
        """Everything that is due by now, earliest first."""
        now = time.monotonic()
        while self._heap and self._heap[0].at <= now:
            yield heapq.heappop(self._heap)

    def patience(self, at_most_s: float) -> float:
        """Seconds until the next one, at most `at_most_s`."""
        if not self._heap:
            return at_most_s
        return min(max(self._heap[0].at - time.monotonic(), 0.0), at_most_s)


class Alarm:
    """When the next stored wait is due, if that is before the sweep looks again.

    The sweep finds every wait; this spares short ones, and short back-offs, its interval.
    """

    def __init__(self) -> None:
        self._at: list[float] = []

    def set(self, moments: Sequence[datetime]) -> None:
        """Remember those that are due soon."""
        if not moments:
            return
        now, at = clock.now(), time.monotonic()
        for moment in moments:
            seconds = (moment - now).total_seconds()
            if seconds <= SOON_S:
                heapq.heappush(self._at, at + seconds)

    def rings(self) -> bool:
        """Whether some have become due since this was last asked."""
        now, has_rung = time.monotonic(), False
        while self._at and self._at[0] <= now:
            heapq.heappop(self._at)
            has_rung = True
        return has_rung

    def patience(self, at_most_s: float) -> float:
        """Seconds until the next one, at most `at_most_s`."""
        if not self._at:
            return at_most_s
        return min(max(self._at[0] - time.monotonic(), 0.0), at_most_s)
