"""Ringing the doorbell of the workers, at most once for each time they sleep.

A flag in Valkey says that some conductor is awake and looking for runs. Only whoever
raises it sends a Celery message; the conductor lowers it before it sleeps and looks
once more. Without Valkey the sweep finds the runs, half a second later.
"""

import logging
from functools import cache

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from orchestrator_site.live.api import valkey

FLAG = "baton:awake"
FLAG_MS = 1000

logger = logging.getLogger(__name__)


class Awake:
    """The flag that says a conductor is looking; best effort in every direction."""

    def __init__(self) -> None:
        self._valkey = valkey()

    def raise_flag(self) -> bool:
        """Raise it; True if it was down, so that the bell has to be rung."""
        return bool(
            self._valkey.attempt(lambda it: it.set(FLAG, 1, nx=True, px=FLAG_MS))
        )

    def renew(self) -> None:
        """Keep it up: this conductor goes on looking."""
        self._valkey.attempt(lambda it: it.set(FLAG, 1, px=FLAG_MS))

    def lower(self) -> None:
        """Take it down: this conductor is about to sleep, or has no room left."""
        self._valkey.attempt(lambda it: it.delete(FLAG))


@cache
def awake() -> Awake:
    """The flag of this process."""
    return Awake()


def ring_after_commit() -> None:
    """Tell the workers, once this transaction is in, that there is something to do."""
    transaction.on_commit(ring)


def ring() -> None:
    """Wake a worker unless one is awake. Losing the ring loses only time."""
    if awake().raise_flag():
        send_bell()


def send_bell() -> None:
    """Send the message, whoever may be awake already."""
    try:
        current_app.send_task("flows.wake")
    except (OperationalError, OSError):
        logger.warning("The bell did not ring; the next sweep finds the run")
