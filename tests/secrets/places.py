"""Everywhere that something about a call is kept or sent, to look through."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import orjson
import redis
from django.conf import settings
from django.db import connection

from orchestrator_site.ledger.payloads import PayloadBroken, load

# Encrypted, and the one place where secrets are.
STORE = "model_registry_credential"


def rows() -> bytes:
    """Every value of every table but the encrypted store, payloads unpacked."""
    names = set(connection.introspection.table_names()) - {STORE}
    with connection.cursor() as cursor:
        return b"\n".join(cell for name in names for cell in _cells(cursor, name))


def _cells(cursor: Any, table: str) -> Iterator[bytes]:
    cursor.execute(f'SELECT * FROM "{table}"')
    for row in cursor.fetchall():
        for value in row:
            if isinstance(value, bytes | memoryview):
                yield bytes(value)
                yield _unpacked(bytes(value))
            else:
                yield str(value).encode()


def _unpacked(cell: bytes) -> bytes:
    try:
        return orjson.dumps(load(cell))
    except PayloadBroken:
        return b""


class Watch:
    """Hears of every command that is sent to Valkey, with its values."""

    def __init__(self) -> None:
        url = settings.CELERY_BROKER_URL
        self.client = redis.Redis.from_url(url, socket_timeout=None)
        self.end = f"end {uuid4()}"
        self.hears = threading.Event()
        self.sent: list[str] = []

    def listen(self) -> None:
        with self.client.monitor() as monitor:
            self.hears.set()
            for heard in monitor.listen():
                self.sent.append(heard["command"])
                if self.end in heard["command"]:
                    return


@contextmanager
def broker_watched() -> Iterator[list[str]]:
    """Listen until the block ends; whole only then."""
    watch = Watch()
    thread = threading.Thread(target=watch.listen, daemon=True)
    thread.start()
    assert watch.hears.wait(30)
    try:
        yield watch.sent
    finally:
        watch.client.echo(watch.end)
        thread.join(30)
    assert not thread.is_alive()
