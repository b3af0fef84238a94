"""Answering requests over ASGI, each in one thread from the first middleware to the last."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from orchestrator_site.bodies import only_wanted

MOST_IDLE = 16


class RequestThreads:
    """Threads that requests have one after another; a request has one of its own.

    A thread for each request alone would be begun, joined by another, and open its
    connections anew, which takes longer than many an answer. Only the event loop's
    thread asks here.
    """

    def __init__(self) -> None:
        self._idle: list[ThreadPoolExecutor] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Let what is synchronous inside happen in one thread."""
        thread = self._idle.pop() if self._idle else _new_thread()
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        except BaseException:
            thread.shutdown(wait=False)  # it may be at something that nobody awaits
            raise
        if len(self._idle) < MOST_IDLE:
            self._idle.append(thread)
        else:
            thread.shutdown(wait=False)


def _new_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")


class OneThreadHandler(ASGIHandler):
    """Runs middleware and view as a synchronous server does.

    All of ours are synchronous. Django would take each of them to a thread and back by
    itself, which costs more than what they do.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = RequestThreads()

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        """Load the middleware as a synchronous chain."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Answer a request of HTTP, with a thread of its own for as long as it takes."""
        async with self._threads.one():
            await self.handle(scope, only_wanted(scope, receive), send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Go through the whole chain in the request's thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)
