"""The database beside a call: no connection is held while one is in flight."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def borrowed_connection() -> Iterator[None]:
    """Give the connection back that this thread has not had before."""
    had_one = connection.connection is not None
    try:
        yield
    finally:
        if not had_one:
            connection.close()
