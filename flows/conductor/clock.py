"""The database's time, by which everything is due.

A worker's clock may be wrong, and may jump; a moment that it computed would come early,
or an hour late. So each beat brings the time, which the monotonic clock carries on until
the next. On SQLite it is the machine's own.
"""

import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone


class Known(NamedTuple):
    """A time, and when it was told on the monotonic clock."""

    now: datetime
    told: float


class Clock:
    """Goes by what it was last told; by this machine until then."""

    def __init__(self) -> None:
        self._known: Known | None = None

    def follow(self, now: datetime) -> None:
        """Take the database's time over."""
        self._known = Known(now, time.monotonic())

    def now(self) -> datetime:
        """The time at which something is due if it is due now."""
        if self._known is None:
            return timezone.now()
        told, since = self._known
        return told + timedelta(seconds=time.monotonic() - since)


_CLOCK = Clock()
follow, now = _CLOCK.follow, _CLOCK.now
