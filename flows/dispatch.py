"""Ringing the doorbell of the workers, at most once for each time they sleep.

A flag in Valkey says that some conductor is awake and looking for runs. Only whoever
raises it sends a Celery message; the conductor lowers it before it sleeps and looks
once more. Without Valkey the sweep finds the runs, half a second later.
"""

import logging

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

FLAG = "baton:awake"
FLAG_MS = 1000

logger = logging.getLogger(__name__)


class Awake:
    """The flag that says a conductor is looking; best effort in every direction."""

    def __init__(self) -> None:
        self._valkey = redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_timeout=1, socket_connect_timeout=1
        )

    def raise_flag(self) -> bool:
        """Raise it; True if it was down, so that the bell has to be rung."""
        try:
            return bool(self._valkey.set(FLAG, 1, nx=True, px=FLAG_MS))
        except redis.RedisError:
            return False

    def renew(self) -> None:
        """Keep it up: this conductor goes on looking."""
        try:
            self._valkey.set(FLAG, 1, px=FLAG_MS)
        except redis.RedisError:
            logger.debug("The flag was not renewed: Valkey does not answer")

    def lower(self) -> None:
        """Take it down: this conductor is about to sleep, or has no room left."""
        try:
            self._valkey.delete(FLAG)
        except redis.RedisError:
            logger.debug("The flag was not lowered: Valkey does not answer")


def ring_after_commit() -> None:
    """Tell the workers, once this transaction is in, that there is something to do."""
    transaction.on_commit(ring)


def ring() -> None:
    """Wake a worker unless one is awake. Losing the ring loses only time."""
    if not Awake().raise_flag():
        return
    try:
        current_app.send_task("flows.wake")
    except (OperationalError, OSError):
        logger.warning("The bell did not ring; the next sweep finds the run")
