"""Answering requests over ASGI, each in one thread from the first middleware to the last."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from orchestrator_site.bodies import most_in_form

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
BODY = "http.request"


class OneThreadHandler(ASGIHandler):
    """Runs middleware and view as a synchronous server does.

    All of ours are synchronous. Django would take each of them to a thread and back by
    itself, which costs more than what they do.
    """

    async def handle(
        self,
        scope: dict[str, Any],
        receive: Receive,
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer without the body where no view would read it.

        Django takes every body to a temporary file before anybody looks at the request.
        """
        if not _is_read(scope):
            receive = _without_body(receive)
        await super().handle(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        """Load the middleware as a synchronous chain."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Go through the whole chain in the request's thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


def _is_read(scope: dict[str, Any]) -> bool:
    """Whether a body says how large it is, and is no larger than any view takes."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length")
    if length is None:
        return b"transfer-encoding" not in headers
    return int(length) <= most_in_form(settings.MOST_FILE_MB)


def _without_body(receive: Receive) -> Receive:
    """Give an empty body first, and let what comes of the real one go."""
    begun = False

    async def receive_rest() -> Message:
        nonlocal begun
        if not begun:
            begun = True
            return {"type": BODY, "body": b"", "more_body": False}
        while (message := await receive())["type"] == BODY:
            pass
        return message

    return receive_rest
