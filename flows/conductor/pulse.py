"""How long other workers have been silent, by the monotonic clock of whoever listens.

What they write into their rows are times of a clock that can be set. Listened for is only
whether it changes, so that a clock that jumps declares nobody dead.
"""

import time
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID


class Beat(NamedTuple):
    """The last beat of another worker: what it wrote, and when that was first seen."""

    written: object
    seen: float


class Pulse:
    """Remembers the last beats; whoever is not mentioned any more is forgotten."""

    def __init__(self) -> None:
        self._beats: dict[UUID, Beat] = {}

    def silences(self, written: Iterable[tuple[UUID, object]]) -> dict[UUID, float]:
        """Seconds since each worker was last seen to beat."""
        now = time.monotonic()
        heard = {}
        for worker_id, beat in written:
            last = self._beats.get(worker_id)
            if last is None or last.written != beat:
                last = Beat(beat, now)
            heard[worker_id] = last
        self._beats = heard
        return {worker_id: now - beat.seen for worker_id, beat in heard.items()}
