"""What a list is asked to show: read from the address, and written back to it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class State(NamedTuple):
    """A choice of states, and the statuses that it stands for."""

    label: Words
    statuses: tuple[str, ...]


STATES: Mapping[str, State] = {
    "open": State(_("Under way"), ("queued", "running", "waiting", "paused")),
    "waiting": State(_("Waiting"), ("waiting",)),
    "paused": State(_("Paused"), ("paused",)),
    "completed": State(_("Succeeded"), ("completed",)),
    "failed": State(_("Failed"), ("failed", "poisoned")),
    "cancelled": State(_("Cancelled"), ("cancelled",)),
}
PERIODS: Mapping[str, tuple[Words, timedelta]] = {
    "hour": (_("Last hour"), timedelta(hours=1)),
    "day": (_("Last 24 hours"), timedelta(days=1)),
    "week": (_("Last 7 days"), timedelta(days=7)),
    "month": (_("Last 30 days"), timedelta(days=30)),
}


class Choice(NamedTuple):
    """One option of a select."""

    value: str
    label: Words


def chosen(query: QueryDict, name: str, allowed: Mapping[str, object]) -> str:
    """The value in the address if it is one of those allowed, else none."""
    value = query.get(name, "")
    return value if value in allowed else ""


def since(period: str) -> datetime | None:
    """When a period begins; None for any time."""
    return timezone.now() - PERIODS[period][1] if period else None


def read_uuid(text: str) -> UUID | None:
    """The id in the address, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def address(path: str, query: Mapping[str, str]) -> str:
    """The path with those parameters that have a value."""
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{given}" if given else path
