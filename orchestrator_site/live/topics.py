"""What can be watched, and how the newest id of each topic is found.

`run:<uuid>` and its like belong to the apps above, which name the function that reads
the id from their rows. The topics of a whole workspace have no such row: their id is
the time of the announcement, and whoever asks is told the time now. That may cost a
page one look too many; it never costs it a change.
"""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from django.utils.module_loading import import_string

OF_WORKSPACE = frozenset({"approvals", "models", "runs"})
LOOKUPS: dict[str, str] = {}

Lookup = Callable[[UUID, str], int | None]


class Key(NamedTuple):
    """A topic, in the workspace that it belongs to."""

    workspace_id: UUID
    topic: str


def register_topic(prefix: str, lookup: str) -> None:
    """Let topics `prefix:<uuid>` be watched.

    `lookup` is the dotted path of a function (workspace_id, the uuid as text) -> the
    current id; None where the workspace has no such thing.
    """
    LOOKUPS[prefix] = lookup


def now_id() -> int:
    """The id of what is announced to a whole workspace now: milliseconds."""
    return time.time_ns() // 1_000_000


def current_ids(workspace_id: UUID, topics: Iterable[str]) -> dict[str, int | None]:
    """The newest id of each topic; None for what is unknown or not the workspace's."""
    return {topic: _current_id(workspace_id, topic) for topic in topics}


def _current_id(workspace_id: UUID, topic: str) -> int | None:
    if topic in OF_WORKSPACE:
        return now_id()
    prefix, _, rest = topic.partition(":")
    if prefix not in LOOKUPS or not _is_uuid(rest):
        return None
    lookup: Lookup = import_string(LOOKUPS[prefix])
    return lookup(workspace_id, rest)


def _is_uuid(text: str) -> bool:
    """Whether the text is a UUID, written as announcements write it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
