"""When something is due in this process, on the monotonic clock."""

import heapq
import time
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID


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
