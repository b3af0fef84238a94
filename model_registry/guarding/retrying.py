"""When a failed call is tried again at once. Pure.

Source: docs/calling-models.md tells how this and a node's own `retry` come together.
"""

import random
import threading

FIRST_S, LONGEST_S = 0.25, 5.0
# What a model that is seldom called may use before it has earned anything.
RESERVE = 2.0
MOST_SAVED = 10.0


class RetryBudget:
    """Every call earns a share of a retry, and every retry costs one.

    So over time at most that share of the calls are retries, however many fail: a
    model that is down is not also asked twice as often.
    """

    def __init__(self, percent: int) -> None:
        self.percent = percent
        self._lock = threading.Lock()
        self._saved = RESERVE if percent else 0.0

    def earn(self) -> None:
        """A call begins."""
        if self._saved < MOST_SAVED:
            with self._lock:
                self._saved = min(self._saved + self.percent / 100, MOST_SAVED)

    def spend(self) -> bool:
        """Take a retry; False where there is none left."""
        with self._lock:
            if self._saved < 1:
                return False
            self._saved -= 1
            return True


def pause_s(retry: int) -> float:
    """Seconds before a retry (the first is 0): anywhere up to a limit that doubles.

    Calls that failed together do not come back together.
    """
    return random.uniform(0, min(FIRST_S * 2**retry, LONGEST_S))  # noqa: S311  no secret
