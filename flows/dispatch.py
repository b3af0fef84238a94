"""Ringing the doorbell of the workers, at most once for each time they sleep.

A flag in Valkey says that some conductor is awake and looking for runs. Only whoever
raises it sends a Celery message; the conductor lowers it before it sleeps and looks
once more. Without Valkey the sweep finds the runs, half a second later.
"""

import logging
import time
from collections.abc import Callable
from functools import cache

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

FLAG = "baton:awake"
FLAG_MS = 1000
TIMEOUT_S = 0.25
AWAY_S = 1.0

logger = logging.getLogger(__name__)


class Awake:
    """The flag that says a conductor is looking; best effort in every direction.

    While Valkey is away nobody waits for it: after a failure it is left alone for a
    second.
    """

    def __init__(self) -> None:
        self._valkey = redis.Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._away_until = 0.0

    def raise_flag(self) -> bool:
        """Raise it; True if it was down, so that the bell has to be rung."""
        return bool(self._try(lambda: self._valkey.set(FLAG, 1, nx=True, px=FLAG_MS)))

    def renew(self) -> None:
        """Keep it up: this conductor goes on looking."""
        self._try(lambda: self._valkey.set(FLAG, 1, px=FLAG_MS))

    def lower(self) -> None:
        """Take it down: this conductor is about to sleep, or has no room left."""
        self._try(lambda: self._valkey.delete(FLAG))

    def _try(self, command: Callable[[], object]) -> object:
        if time.monotonic() < self._away_until:
            return None
        try:
            return command()
        except redis.RedisError as error:
            logger.warning("Valkey does not answer: %s", error)
            self._away_until = time.monotonic() + AWAY_S
            return None


@cache
def awake() -> Awake:
    """The flag, on one connection pool for this process."""
    return Awake()


def ring_after_commit() -> None:
    """Tell the workers, once this transaction is in, that there is something to do."""
    transaction.on_commit(ring)


def ring() -> None:
    """Wake a worker unless one is awake. Losing the ring loses only time."""
    if not awake().raise_flag():
        return
    try:
        current_app.send_task("flows.wake")
    except (OperationalError, OSError):
        logger.warning("The bell did not ring; the next sweep finds the run")
