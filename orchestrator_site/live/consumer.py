"""The one socket of a page. It tells which topics changed, never what is in them.

The page says {"watch": {topic: last id or null}} and {"unwatch": [topic]}; it is told
{"topic", "id"}, and {} at first and now and then: a line that is silent is dead.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import ClassVar, ParamSpec, TypeVar

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError

from orchestrator_site.live.admission import Refused, admit, admit_again
from orchestrator_site.live.hub import hub
from orchestrator_site.live.inbox import Inbox
from orchestrator_site.live.request import Junk, Request, parse
from orchestrator_site.live.topics import OF_WORKSPACE, Key, current_ids

MESSAGES_PER_S = 20
TRY_AGAIN_LATER = 1013
NONE_YET = -1

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


class LiveConsumer(AsyncWebsocketConsumer):
    check_every_s: ClassVar[float] = 30.0

    async def connect(self) -> None:
        # Accepted first: a browser sees the code of a close, not that of a refusal.
        await self.accept()
        self._is_open = True
        self._session_key: str = self.scope["cookies"].get(
            settings.SESSION_COOKIE_NAME, ""
        )
        self._inbox = Inbox()
        self._last_ids: dict[str, int] = {}
        self._second, self._messages = 0, 0
        self._teller: asyncio.Task[None] | None = None
        try:
            self._workspace_id = await _in_thread(admit, self._session_key)
        except Refused as refusal:
            await self._end(refusal.close_code, str(refusal))
            return
        self._teller = asyncio.create_task(self._tell())

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None
    ) -> None:
        if not self._is_open:
            return
        try:
            self._slow_down()
            request = parse(text_data, watched=self._last_ids)
            if request.watch:
                await self._check()
        except (Junk, Refused) as refusal:
            await self._end(refusal.close_code, str(refusal))
            return
        self._change(request)

    async def disconnect(self, code: int) -> None:
        self._is_open = False
        self._change(Request(watch={}, unwatch=list(self._last_ids)))
        if self._teller is not None:
            self._teller.cancel()

    def _change(self, request: Request) -> None:
        for topic in request.unwatch:
            self._forget(topic)
        for topic, last_id in request.watch.items():
            self._last_ids[topic] = NONE_YET if last_id is None else last_id
            hub().watch(Key(self._workspace_id, topic), self._inbox)
            self._inbox.put(topic, None)

    def _forget(self, topic: str) -> None:
        if topic in self._last_ids:
            del self._last_ids[topic]
            hub().unwatch(Key(self._workspace_id, topic), self._inbox)

    def _slow_down(self) -> None:
        second = int(time.monotonic())
        self._messages = self._messages + 1 if second == self._second else 1
        self._second = second
        if self._messages > MESSAGES_PER_S:
            raise Junk(f"More than {MESSAGES_PER_S} messages a second.")

    async def _check(self) -> None:
        await _in_thread(admit_again, self._session_key, self._workspace_id)

    async def _tell(self) -> None:
        """Tell the page its news until the socket ends, and keep asking who reads."""
        try:
            while True:
                await self._say({})
                await self._tell_until(time.monotonic() + self.check_every_s)
                await self._check()
        except Refused as refusal:
            await self._end(refusal.close_code, str(refusal))
        except DatabaseError:
            logger.exception("A live socket could not read the database")
            await self._end(TRY_AGAIN_LATER, "The database does not answer.")
        except OSError:
            logger.debug("A live socket went away while it was told something")

    async def _tell_until(self, end: float) -> None:
        while (left_s := end - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(left_s):
                    news = await self._inbox.take()
            except TimeoutError:
                return
            unsure = [topic for topic, new_id in news.items() if new_id is None]
            if unsure:
                news |= await _in_thread(current_ids, self._workspace_id, unsure)
            for topic, new_id in news.items():
                await self._tell_one(topic, new_id)

    async def _tell_one(self, topic: str, new_id: int | None) -> None:
        if new_id is None:
            self._forget(topic)
        elif self._is_news(topic, new_id):
            self._last_ids[topic] = new_id
            await self._say({"topic": topic, "id": new_id})

    def _is_news(self, topic: str, new_id: int) -> bool:
        """Clocks differ and are set back, so the id of a list may not have grown."""
        if topic not in self._last_ids:
            return False
        return topic in OF_WORKSPACE or new_id > self._last_ids[topic]

    async def _say(self, message: dict[str, str | int]) -> None:
        if self._is_open:
            await self.send(text_data=orjson.dumps(message).decode())

    async def _end(self, code: int, reason: str) -> None:
        if self._is_open:
            self._is_open = False
            await self.close(code=code, reason=reason)


async def _in_thread(
    function: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs
) -> Answer:
    """Call what reads the database; its connection goes back before anyone waits."""
    answer: Answer = await database_sync_to_async(function)(*args, **kwargs)
    return answer
