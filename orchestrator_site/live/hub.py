"""One subscription for the whole web process, and who in it wants to hear what."""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from weakref import WeakKeyDictionary

import redis.asyncio as redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from orchestrator_site.live.announcing import CHANNEL, read
from orchestrator_site.live.inbox import Inbox
from orchestrator_site.live.topics import Key

CONNECT_TIMEOUT_S = 1.0
# A server that answers no ping for so long has gone without saying so.
SILENCE_S = 15.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0

logger = logging.getLogger(__name__)


class Hub:
    """Hears every announcement and puts it into the inboxes that watch its topic.

    Whenever announcements may have been missed, and now and then while none can be
    heard, every inbox is asked to look at the rows instead.
    """

    def __init__(self) -> None:
        self._inboxes: defaultdict[Key, set[Inbox]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    def watch(self, key: Key, inbox: Inbox) -> None:
        """Have announcements of the topic put into the inbox."""
        self._inboxes[key].add(inbox)
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())

    def unwatch(self, key: Key, inbox: Inbox) -> None:
        """Stop that; watched or not."""
        inboxes = self._inboxes[key]
        inboxes.discard(inbox)
        if not inboxes:
            del self._inboxes[key]

    async def _listen(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                async with aclosing(_messages()) as messages:
                    async for message in messages:
                        pause_s = FIRST_PAUSE_S
                        self._hear(message)
            except (redis.RedisError, OSError) as error:
                logger.warning("Live news cannot be heard: %s", error)
            self._look_everywhere()
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))  # noqa: S311
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _hear(self, message: bytes | None) -> None:
        if message is None:
            self._look_everywhere()
            return
        try:
            key, new_id = read(message)
        except ValueError:
            logger.warning("What came over %s is no announcement", CHANNEL)
            return
        for inbox in self._inboxes.get(key, ()):
            inbox.put(key.topic, new_id)

    def _look_everywhere(self) -> None:
        for key, inboxes in self._inboxes.items():
            for inbox in inboxes:
                inbox.put(key.topic, None)


async def _messages() -> AsyncGenerator[bytes | None, None]:
    """What is published from now on; first None, when the subscription stands."""
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        # Silence is normal. With a time-out, an idle subscription would die of it.
        socket_timeout=None,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    async with client, client.pubsub() as pubsub:
        await pubsub.subscribe(CHANNEL)
        is_pinged = False
        while True:
            message = await pubsub.get_message(timeout=SILENCE_S)
            if message is None and is_pinged:
                raise redis.ConnectionError("No answer to a ping.")
            is_pinged = message is None
            if message is None:
                await pubsub.ping()
            elif message["type"] in {"subscribe", "message"}:
                yield message["data"] if message["type"] == "message" else None


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop; it begins to listen with the first watch."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
