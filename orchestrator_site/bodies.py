"""Bodies of requests: how large they say they are, before any of them is read."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]

MEGABYTE = 1024 * 1024
# What stands around a file in a form.
FORM_BYTES = 10_000
BODY = "http.request"


def declared_bytes(request: HttpRequest) -> int:
    """What the body of a request has, as its header says."""
    return int(request.META.get("CONTENT_LENGTH") or 0)


def most_in_form(megabytes: int) -> int:
    """What a form may have whose file may have so many megabytes."""
    return megabytes * MEGABYTE + FORM_BYTES


def only_wanted(scope: dict[str, Any], receive: Receive) -> Receive:
    """Give no body that no view would read.

    Django takes every body to a temporary file before anybody looks at the request.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length")
    if length is None:
        is_wanted = b"transfer-encoding" not in headers
    else:
        is_wanted = int(length) <= most_in_form(settings.MOST_FILE_MB)
    return receive if is_wanted else _without_body(receive)


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
