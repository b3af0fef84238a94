"""A page's socket, as a browser would hold it."""

import asyncio
import json
from contextlib import asynccontextmanager
from functools import wraps
from uuid import UUID
from weakref import WeakSet

import redis
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client

from orchestrator_site.asgi import application
from orchestrator_site.live.announcing import CHANNEL, Announcement, written
from tests.orchestrator_site.live.rows import ROWS

ORIGIN = "http://localhost"
PATIENCE_S = 30
LISTENING: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def on_a_loop(test):
    """Run an async test on an event loop of its own; rows are read in this thread."""

    @wraps(test)
    def run(**fixtures):
        async_to_sync(test)(**fixtures)

    return run


def log_in(user) -> str:
    """The key of a new session."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def publish(*announcements: Announcement) -> None:
    """Announce as the product does, but wait for a slow server instead of giving up."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        for announcement in announcements:
            client.publish(CHANNEL, written(announcement))


def change(workspace_id: UUID, topic: str, new_id: int) -> None:
    """Change the row of a thing, then announce it.

    Rows come first, as in the product: an announcement that meets a look at the rows is
    lost in it.
    """
    ROWS[workspace_id, topic.removeprefix("thing:")] = new_id
    publish(Announcement(workspace_id, topic, new_id))


@asynccontextmanager
async def announced_again_and_again(announcement: Announcement):
    """Announce what has no row until the page has heard it."""

    async def repeat() -> None:
        while True:
            publish(announcement)
            await asyncio.sleep(0.05)  # between two announcements

    task = asyncio.create_task(repeat())
    yield
    task.cancel()


def listeners(valkey: redis.Redis) -> set[str]:
    """The connections that hear announcements."""
    clients = valkey.client_list(_type="pubsub")
    return {client["id"] for client in clients if client["sub"] != "0"}


class Page:
    """One page's end of the socket."""

    def __init__(self, session_key: str = "", *, origin=ORIGIN, path="/ws/live/"):
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_key}"
        headers = [(b"origin", origin.encode()), (b"cookie", cookie.encode())]
        scope = {"type": "websocket", "path": path, "headers": headers}
        self._end = ApplicationCommunicator(application, scope)

    async def connect(self) -> str:
        """What the server answers: `websocket.accept` or `websocket.close`."""
        await self._end.send_input({"type": "websocket.connect"})
        return (await self._end.receive_output(PATIENCE_S))["type"]

    async def disconnect(self) -> None:
        await self._end.send_input({"type": "websocket.disconnect", "code": 1001})
        await self._end.wait(PATIENCE_S)

    async def send(self, frame: str | bytes) -> None:
        kind = "text" if isinstance(frame, str) else "bytes"
        await self._end.send_input({"type": "websocket.receive", kind: frame})

    async def watch(self, topics) -> None:
        await self.send(json.dumps({"watch": topics}))

    async def watch_and_listen(self, topics) -> None:
        """Watch, and wait until announcements are heard on this loop.

        Listeners of earlier loops may still be subscribed; ours is a new one.
        """
        loop = asyncio.get_running_loop()
        with redis.Redis.from_url(settings.CELERY_BROKER_URL) as valkey:
            earlier = listeners(valkey)
            await self.watch(topics)
            while loop not in LISTENING and listeners(valkey) <= earlier:
                await asyncio.sleep(0.01)  # between two looks
        LISTENING.add(loop)

    async def unwatch(self, *topics: str) -> None:
        await self.send(json.dumps({"unwatch": topics}))

    async def frame(self):
        """The next frame, heartbeats included."""
        return json.loads((await self._end.receive_output(PATIENCE_S))["text"])

    async def news(self) -> tuple[str, int]:
        """The next change that the page is told of."""
        while not (message := await self.frame()):
            pass
        return message["topic"], message["id"]

    async def close_code(self) -> int:
        """Wait for the server to close the socket."""
        output = await self._end.receive_output(PATIENCE_S)
        while output["type"] != "websocket.close":
            output = await self._end.receive_output(PATIENCE_S)
        return output["code"]


@asynccontextmanager
async def opened(session_key: str = ""):
    page = Page(session_key)
    assert await page.connect() == "websocket.accept"
    yield page
    await page.disconnect()
