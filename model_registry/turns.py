"""A lock whose waiters are served in the order in which they came."""

import threading
from collections import deque


class Turns:
    """First come, first served, and nobody waits longer than he said."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._gates: deque[threading.Lock] = deque()
        self._taken = False

    def take(self, timeout_s: float) -> bool:
        """Wait for the turn; False when the time has passed without it."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            gate = threading.Lock()
            gate.acquire()
            self._gates.append(gate)
        if gate.acquire(timeout=max(timeout_s, 0)):
            return True
        with self._mutex:
            if gate not in self._gates:  # handed over in this very moment
                return True
            self._gates.remove(gate)
            return False

    def pass_on(self) -> None:
        """End the turn; the longest waiting one is next."""
        with self._mutex:
            if self._gates:
                self._gates.popleft().release()
            else:
                self._taken = False
