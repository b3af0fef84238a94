"""Time-ordered identifiers: UUID version 7, RFC 9562.

48 bits of milliseconds, then a 42-bit counter, then 32 random bits. The counter
starts at a random value in each millisecond and counts up within it, so that ids
made by one process sort in the order in which they were made.
"""

import secrets
import threading
import time
from uuid import UUID

_COUNTER_BITS = 42
_SEED_BITS = _COUNTER_BITS - 1  # the top bit stays free for counting up
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


class _Sequence:
    """The last (millisecond, counter) handed out; never goes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = 0
        self._counter = 0

    def next(self, now_ms: int) -> tuple[int, int]:
        with self._lock:
            if now_ms > self._ms:
                self._ms, self._counter = now_ms, secrets.randbits(_SEED_BITS)
            else:
                self._counter += 1
                if self._counter >> _COUNTER_BITS:
                    self._ms += 1
                    self._counter = secrets.randbits(_SEED_BITS)
            return self._ms, self._counter


_sequence = _Sequence()


def new_id() -> UUID:
    """Make a UUIDv7 that is greater than every one this process made before."""
    ms, counter = _sequence.next(time.time_ns() // 1_000_000)
    high, low = counter >> 30, counter & ((1 << 30) - 1)
    tail = low << 32 | secrets.randbits(32)
    return UUID(int=ms << 80 | _VERSION | high << 64 | _VARIANT | tail)
