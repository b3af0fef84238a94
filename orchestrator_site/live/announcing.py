"""Saying that something changed, to every web process.

A message says which topic, never what happened there: rows are the truth, and pages
fetch what they show. Losing one loses only time.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

import orjson
import redis
from django.db import transaction

from orchestrator_site.live.topics import Key, now_id
from orchestrator_site.live.valkey import valkey

CHANNEL = "baton:live"


class Announcement(NamedTuple):
    """`id` grows with every change of the topic.

    None, for the topics of a whole workspace, stands for the time of sending.
    """

    workspace_id: UUID
    topic: str
    id: int | None = None


def announce(workspace_id: UUID, topic: str, new_id: int | None = None) -> None:
    """Tell the pages that watch the topic, once this transaction is in."""
    announcement = Announcement(workspace_id, topic, new_id)
    transaction.on_commit(partial(announce_now, [announcement]))


def announce_now(announcements: Sequence[Announcement]) -> None:
    """Tell the pages at once, with one trip to Valkey for all announcements."""
    if announcements:
        valkey().attempt(partial(_publish, announcements))


def written(announcement: Announcement) -> bytes:
    """The message in which an announcement travels."""
    workspace_id, topic, new_id = announcement
    new_id = now_id() if new_id is None else new_id
    return orjson.dumps({"workspace": workspace_id, "topic": topic, "id": new_id})


def read(message: bytes) -> tuple[Key, int]:
    """Take an announcement out of its message. Raises: ValueError for any other."""
    match orjson.loads(message):
        case {"workspace": str(workspace), "topic": str(topic), "id": int(new_id)}:
            return Key(UUID(workspace), topic), new_id
    raise ValueError("Not an announcement.")


def _publish(announcements: Sequence[Announcement], client: redis.Redis) -> None:
    with client.pipeline(transaction=False) as pipeline:
        for announcement in announcements:
            pipeline.publish(CHANNEL, written(announcement))
        pipeline.execute()
