"""Ringing the doorbell of the workers, at most once for each time they sleep.

A flag in Valkey says that some conductor is awake and looking for runs. Only whoever
raises it sends a Celery message; the conductor lowers it before it sleeps and looks
once more. Without Valkey the sweep finds the runs, half a second later.

Each queue of steps has such a flag and a bell of its own.
"""

import logging
from collections.abc import Callable
from functools import cache

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from orchestrator_site.live.api import valkey

FLAG = "baton:awake"
FLAG_MS = 1000
# Where nobody serves a queue its bells pile up, so that they are rung seldom; whoever
# hears one lowers the flag.
QUEUE_FLAG_MS = 60_000

# Of this process: each looks for steps if the queue is one of its own, and says so.
ears: list[Callable[[str], bool]] = []

logger = logging.getLogger(__name__)


class Awake:
    """The flag that says somebody is looking; best effort in every direction."""

    def __init__(self, flag: str = FLAG, flag_ms: int = FLAG_MS) -> None:
        self._valkey = valkey()
        self._flag, self._flag_ms = flag, flag_ms

    def raise_flag(self) -> bool:
        """Raise it; True if it was down, so that the bell has to be rung."""
        return bool(
            self._valkey.attempt(
                lambda it: it.set(self._flag, 1, nx=True, px=self._flag_ms)
            )
        )

    def renew(self) -> None:
        """Keep it up: this conductor goes on looking."""
        self._valkey.attempt(lambda it: it.set(self._flag, 1, px=self._flag_ms))

    def lower(self) -> None:
        """Take it down: this conductor is about to sleep, or has no room left."""
        self._valkey.attempt(lambda it: it.delete(self._flag))


@cache
def awake() -> Awake:
    """The flag of this process."""
    return Awake()


@cache
def awake_for(queue: str) -> Awake:
    """The flag of a queue: up from its bell until a worker of that queue hears it."""
    return Awake(f"{FLAG}:{queue}", QUEUE_FLAG_MS)


def ring_after_commit() -> None:
    """Tell the workers, once this transaction is in, that there is something to do."""
    transaction.on_commit(ring)


def ring() -> None:
    """Wake a worker unless one is awake. Losing the ring loses only time."""
    if awake().raise_flag():
        send_bell()


def ring_queue(queue: str) -> None:
    """Wake somebody who takes steps from a queue: in this process, else elsewhere."""
    if any(hear(queue) for hear in list(ears)):
        return
    if awake_for(queue).raise_flag():
        send_bell(queue)


def send_bell(queue: str | None = None) -> None:
    """Send the message, whoever may be awake already; without a queue it is for runs."""
    try:
        current_app.send_task("flows.wake", queue=queue)
    except (OperationalError, OSError):
        logger.warning("The bell did not ring; the next sweep finds the run")
