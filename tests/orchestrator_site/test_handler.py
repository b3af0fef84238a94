"""The web process's handler, asked as uvicorn asks it."""

import asyncio
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


BEGUN, MAY_END = threading.Event(), threading.Event()


def hold(_request):
    BEGUN.set()
    MAY_END.wait(30)
    return HttpResponse()


def tell(_request):
    return HttpResponse(str(threading.get_ident()))


def count(request):
    return HttpResponse(len(request.body))


urlpatterns = [
    path("there/", view),
    path("hold/", hold),
    path("tell/", tell),
    path("count/", count),
]


async def send(handler: OneThreadHandler, address: str) -> ApplicationCommunicator:
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "headers": [(b"host", b"localhost")],
    }
    asked = ApplicationCommunicator(handler, scope)
    await asked.send_input({"type": "http.request"})
    return asked


async def answer(handler: OneThreadHandler, address: str) -> tuple[int, bytes]:
    asked = await send(handler, address)
    start = await asked.receive_output(timeout=10)
    body = await asked.receive_output(timeout=10)
    await asked.wait()
    return start["status"], body["body"]


@async_to_sync
async def ask(address: str) -> int:
    status, _ = await answer(OneThreadHandler(), address)
    return status


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


@async_to_sync
async def ask_twice() -> list[tuple[int, bytes]]:
    handler = OneThreadHandler()
    return [await answer(handler, "/tell/") for _ in range(2)]


def test_one_request_after_another_has_the_same_thread(settings):
    settings.ROOT_URLCONF = __name__
    first, second = ask_twice()
    assert first == second


@async_to_sync
async def ask_after_one_has_gone() -> int:
    handler = OneThreadHandler()
    gone = await send(handler, "/hold/")
    await asyncio.to_thread(BEGUN.wait, 10)
    await gone.send_input({"type": "http.disconnect"})
    try:
        status, _ = await answer(handler, "/tell/")
    finally:
        MAY_END.set()
        await gone.wait(10)
    return status


def test_nobody_waits_for_the_thread_of_a_client_that_has_gone(settings):
    settings.ROOT_URLCONF = __name__
    assert ask_after_one_has_gone() == 200


@async_to_sync
async def bytes_read(headers: dict[bytes, bytes]) -> bytes:
    """How much a view gets of a body that comes in two parts."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/count/",
        "headers": [(b"host", b"localhost"), *headers.items()],
    }
    asked = ApplicationCommunicator(OneThreadHandler(), scope)
    for part, more in ((b"12", True), (b"345", False)):
        message = {"type": "http.request", "body": part, "more_body": more}
        await asked.send_input(message)
    await asked.receive_output(timeout=60)
    answer = await asked.receive_output(timeout=60)
    await asked.wait(timeout=60)
    return answer["body"]


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
    assert bytes_read(headers) == read
