"""A circuit breaker: whoever keeps failing is left alone for a while. Pure."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

WINDOW = 20
LONGEST_OPEN_S = 300.0

State = Literal["closed", "open", "half_open"]


@dataclass(frozen=True, slots=True)
class Opened:
    """What workers tell each other: how often it changed, and how long it is open yet."""

    generation: int
    left_s: float


class Breaker:
    """Opens after `failures` in a row, or when half of the last 20 calls failed.

    When its time is over one call is let through: if that is answered the breaker
    closes, else it opens for twice as long. Any thread may use it.
    """

    def __init__(
        self,
        failures: int,
        open_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.failures, self.open_s = failures, open_s
        self._clock = clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._last: deque[bool] = deque(maxlen=WINDOW)
        self._until: float | None = None
        self._openings = 0
        self._is_probing = False
        self._generation = 0

    @property
    def state(self) -> State:
        """How it stands."""
        if self._until is None:
            return "closed"
        return "open" if self._clock() < self._until else "half_open"

    @property
    def left_s(self) -> float:
        """Seconds for which it is open yet."""
        return 0.0 if self._until is None else max(self._until - self._clock(), 0.0)

    def admits(self) -> bool:
        """Whether a call may be made; whoever makes it reports its end."""
        if self._until is None:
            return True
        with self._lock:
            if self._until is None:
                return True
            if self._clock() < self._until or self._is_probing:
                return False
            self._is_probing = True
            return True

    def report(self, *, ok: bool | None) -> bool:
        """Take in how an admitted call ended; None where nothing was asked.

        Returns: whether the breaker opened or closed.
        """
        if ok and self._until is None and not self._in_a_row:
            self._last.append(True)
            return False
        with self._lock:
            self._is_probing = False
            if ok is None:
                return False
            return self._succeeded() if ok else self._failed()

    def adopt(self, told: Opened) -> None:
        """Follow what another worker has found, if that is news."""
        if told.generation <= self._generation:
            return
        with self._lock:
            self._generation = told.generation
            if told.left_s > 0:
                self._until = self._clock() + min(told.left_s, LONGEST_OPEN_S)
            else:
                self._close()

    def _succeeded(self) -> bool:
        was_open = self._until is not None
        self._in_a_row = 0
        self._last.append(True)
        if was_open:
            self._close()
        return was_open

    def _failed(self) -> bool:
        self._in_a_row += 1
        self._last.append(False)
        if self._until is not None:
            if self._clock() < self._until:
                return False  # it began before the breaker opened
            self._open()
            return True
        if self.failures and (self._in_a_row >= self.failures or self._half_failed()):
            self._open()
            return True
        return False

    def _half_failed(self) -> bool:
        return self._last.count(False) * 2 >= WINDOW

    def _open(self) -> None:
        span = min(self.open_s * 2**self._openings, LONGEST_OPEN_S)
        self._openings += 1
        self._until = self._clock() + max(span, self.open_s)

    def _close(self) -> None:
        self._until, self._openings, self._in_a_row = None, 0, 0
        self._last.clear()
