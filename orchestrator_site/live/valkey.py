"""Valkey for those who can do without it: tried quickly, then left alone."""

import logging
import time
from collections.abc import Callable
from functools import cache, partial
from typing import TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_S = 0.25
AWAY_S = 1.0
# To the next command on a connection.
NO_ANSWER = ("CLIENT", "REPLY", "SKIP")

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


class Valkey:
    """A client whose commands are best effort.

    While the server is away nobody waits for it: after a failure it is left alone for
    a second.
    """

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
        )
        self._away_until = 0.0

    def attempt(self, command: Callable[[redis.Redis], Answer]) -> Answer | None:
        """Return the command's answer; None where the server gives none."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return command(self._client)
        except redis.RedisError as error:
            logger.warning("Valkey does not answer: %s", error)
            self._away_until = time.monotonic() + AWAY_S
            return None

    def tell(self, *command: str) -> None:
        """Send a command and wait for no answer: it may be refused, or get lost."""
        self.attempt(partial(_send, command))


def _send(command: tuple[str, ...], client: redis.Redis) -> None:
    """Commands sent later on the same connection find it done."""
    pool = client.connection_pool
    connection = pool.get_connection()
    try:
        packed = connection.pack_commands((NO_ANSWER, command))  # type: ignore[no-untyped-call]
        connection.send_packed_command(packed)  # type: ignore[no-untyped-call]
    finally:
        pool.release(connection)


@cache
def valkey() -> Valkey:
    """The client that the whole process shares, on one connection pool."""
    return Valkey(settings.CELERY_BROKER_URL)
