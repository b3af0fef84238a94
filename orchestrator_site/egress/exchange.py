"""The request that this thread has under way."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from orchestrator_site.egress.errors import AnswerTooLarge, TimedOut

if TYPE_CHECKING:
    from orchestrator_site.egress.origins import Entry


class Exchange:
    """How long it may go on, how much it may bring, and whether anything has left.

    `entry` is what allows the connection that is being made.
    """

    def __init__(self, timeout_s: float, max_bytes: int) -> None:
        self.entry: Entry | None = None
        self.sent = False
        self._timeout_s = timeout_s
        self._ends = time.monotonic() + timeout_s
        self._max_bytes = max_bytes

    def left_s(self) -> float:
        """Seconds that are left. Raises: TimedOut."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimedOut(f"No whole answer within {self._timeout_s:g} s.")
        return left

    def check_size(self, size_bytes: int) -> None:
        """Raises: AnswerTooLarge."""
        if size_bytes > self._max_bytes:
            raise AnswerTooLarge(f"The answer has more than {self._max_bytes} bytes.")


# The library below hands its time-outs through to the network, but nothing of ours.
under_way: ContextVar[Exchange] = ContextVar("under_way")

# Clients that bring requests of their own know no exchange either.
answer_bytes: ContextVar[int] = ContextVar("answer_bytes")


@contextmanager
def answers_up_to(max_bytes: int) -> Iterator[None]:
    """Read no larger answers to what this thread asks through `model_client` meanwhile."""
    token = answer_bytes.set(max_bytes)
    try:
        yield
    finally:
        answer_bytes.reset(token)
