"""Services that misbehave, and what of a request may have arrived then."""

import pytest

from orchestrator_site.egress.allowance import allowance_of
from orchestrator_site.egress.client import send
from orchestrator_site.egress.errors import (
    AnswerTooLarge,
    AnswerUnreadable,
    BrokenOff,
    OriginNotAllowed,
    RequestInvalid,
    TimedOut,
)
from orchestrator_site.egress.messages import Request
from tests.orchestrator_site.egress.conftest import ask


def test_an_answer_is_status_headers_and_body(service):
    answer = ask(service, "answers")
    assert (answer.status, answer.body) == (200, b'{"number": 1}')
    assert answer.headers["content-type"] == "application/json"


def test_headers_and_body_arrive_as_they_were_given(service):
    ask(
        service,
        "answers?q=1%202",
        method="POST",
        headers={"X-Name": "Gr\u00fcn", "Idempotency-Key": "run/step"},
        body=b"text",
    )
    asked = service.last
    assert (asked["method"], asked["body"]) == ("POST", "text")
    assert asked["path"] == "/answers?q=1%202"
    assert asked["headers"]["x-name"] == "Gr\u00fcn"
    assert asked["headers"]["idempotency-key"] == "run/step"
    assert asked["headers"]["user-agent"] == "Baton"


def test_a_status_is_an_answer_whatever_it_says(service):
    assert ask(service, "status?code=503").status == 503


def test_nothing_is_read_from_the_environment(service, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert ask(service, "answers").status == 200


def test_a_compressed_answer_is_decompressed(service):
    assert ask(service, "zipped").body == b'{"ok": true}'


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ("large?size=100001", AnswerTooLarge),
        ("endless", AnswerTooLarge),
        ("bomb", AnswerTooLarge),
        ("twice-zipped", AnswerUnreadable),
        ("badly-zipped", AnswerUnreadable),
        ("cuts", BrokenOff),
        ("closes", BrokenOff),
        ("junk", BrokenOff),
    ],
)
def test_what_is_no_usable_answer_may_still_have_had_an_effect(
    service, behaviour, error
):
    with pytest.raises(error) as caught:
        ask(service, behaviour, method="POST", max_bytes=100_000)
    assert caught.value.sent
    assert len(service.asked) == 1


def test_an_answer_of_the_largest_size_is_read(service):
    assert len(ask(service, "large?size=100000", max_bytes=100_000).body) == 100_000


@pytest.mark.parametrize("behaviour", ["hangs", "drips", "drips-headers"])
def test_the_time_of_a_request_covers_its_whole_answer(service, behaviour):
    with pytest.raises(TimedOut) as caught:
        ask(service, behaviour, timeout_s=1)
    assert caught.value.sent


def test_a_service_that_does_not_read_cannot_stretch_the_time(service):
    with pytest.raises(TimedOut) as caught:
        ask(
            service,
            "reads-nothing",
            method="POST",
            body=bytes(50_000_000),
            timeout_s=1,
        )
    assert caught.value.sent


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://elsewhere.example/", OriginNotAllowed),
        ("https://127.0.0.1:80/", OriginNotAllowed),
        ("ftp://127.0.0.1/", OriginNotAllowed),
        ("http://127.0.0.1:99999/", OriginNotAllowed),
        ("http://[::bad/", RequestInvalid),
    ],
)
def test_what_is_not_allowed_or_no_address_never_leaves(service, url, error):
    with pytest.raises(error) as caught:
        send(Request(method="GET", url=url), allowance_of([service.origin]))
    assert not caught.value.sent


def test_a_password_in_the_address_is_not_accepted(service):
    url = service.url("answers").replace("http://", "http://name:word@")
    with pytest.raises(OriginNotAllowed):
        send(Request(method="GET", url=url), allowance_of([service.origin]))
    assert service.asked == []
