"""The web process's handler, asked as uvicorn asks it."""

import threading

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.http import HttpResponse
from django.urls import path

from orchestrator_site.handler import OneThreadHandler

SEEN: list[tuple[str, str]] = []


def note(get_response):
    """A middleware that notes on which thread it works."""

    def middleware(request):
        SEEN.append(("before", threading.current_thread().name))
        response = get_response(request)
        SEEN.append(("after", threading.current_thread().name))
        return response

    return middleware


def view(_request):
    SEEN.append(("view", threading.current_thread().name))
    raise LookupError("on purpose")


def count(request):
    return HttpResponse(len(request.body))


urlpatterns = [path("there/", view), path("count/", count)]


def ask(address: str) -> int:
    return answer(address, b"", {})[0]


@async_to_sync
async def answer(address: str, body: bytes, headers: dict[bytes, bytes]):
    """Status and content of an answer to a body that comes in two parts."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": address,
        "headers": [(b"host", b"localhost"), *headers.items()],
    }
    asked = ApplicationCommunicator(OneThreadHandler(), scope)
    for part, more in ((body[:2], True), (body[2:], False)):
        message = {"type": "http.request", "body": part, "more_body": more}
        await asked.send_input(message)
    start = await asked.receive_output(timeout=60)
    content = await asked.receive_output(timeout=60)
    await asked.wait(timeout=60)
    return start["status"], content["body"]


def test_a_request_stays_on_one_thread_and_its_error_is_an_answer(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [f"{__name__}.note"] * 2
    SEEN.clear()
    assert ask("/there/") == 500
    assert [what for what, _ in SEEN] == ["before", "before", "view", "after", "after"]
    assert len({thread for _, thread in SEEN}) == 1
    assert threading.current_thread().name not in {thread for _, thread in SEEN}


def test_an_address_that_leads_nowhere_is_not_found(settings):
    settings.ROOT_URLCONF = __name__
    assert ask("/nowhere/") == 404


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ({b"content-length": b"5"}, b"5"),
        ({b"content-length": b"1058577"}, b"0"),
        ({b"transfer-encoding": b"chunked"}, b"0"),
    ],
)
def test_body_that_no_view_would_read_is_not_taken(settings, headers, read):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    settings.MOST_FILE_MB = 1
    assert answer("/count/", b"12345", headers) == (200, read)
