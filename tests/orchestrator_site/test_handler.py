"""The web process's handler, asked as uvicorn asks it."""

import threading

from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
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


urlpatterns = [path("there/", view)]


@async_to_sync
async def ask(address: str) -> int:
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "headers": [(b"host", b"localhost")],
    }
    asked = ApplicationCommunicator(OneThreadHandler(), scope)
    await asked.send_input({"type": "http.request"})
    start = await asked.receive_output(timeout=10)
    await asked.receive_output(timeout=10)
    await asked.wait()
    return start["status"]


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
