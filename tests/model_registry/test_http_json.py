import json
import logging
import socket
import traceback

import pytest

from model_registry.adapters import http_json
from model_registry.adapters.base import AdapterCall
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelInputInvalid,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
)
from tests.factories.models import make_load_request
from tests.fakes.http_server import http_service

CANARY = "canary-51be02"


@pytest.fixture
def service():
    with http_service() as service:
        yield service


def request_for(service, behaviour, **more):
    settings = {"url": service.url(behaviour), **more}
    return make_load_request(
        settings, origins=[service.origin], read_secret=lambda _name: CANARY
    )


def ask(service, behaviour="replies", *, value=None, timeout_s=20.0, **more):
    model = http_json.load(request_for(service, behaviour, **more))
    call = AdapterCall(
        input={"text": "hello"} if value is None else value,
        timeout_s=timeout_s,
        idempotency_key="r/s",
    )
    try:
        return model(call)
    finally:
        model.http.close()


def test_input_is_posted_and_the_answer_taken_as_it_is(service):
    service.reply = b'{"label": "greeting"}'
    reply = ask(service, value={"text": "grüß"})
    assert reply.output == {"label": "greeting"}
    asked = service.last
    assert (asked["method"], json.loads(asked["body"])) == (
        "POST",
        {"text": "grüß"},
    )
    assert asked["headers"]["content-type"] == "application/json"
    assert asked["headers"]["idempotency-key"] == "r/s"
    assert "authorization" not in asked["headers"]


def test_body_and_output_are_mapped(service):
    service.reply = b'{"predictions": [{"name": "spam", "p": 0.75}]}'
    reply = ask(
        service,
        value={"mail": {"subject": "Win"}, "limit": 3},
        body={"q": "input.mail.subject", "options": "{'top': input.limit}"},
        output={
            "label": "output.predictions[0].name",
            "is_sure": "output.predictions[0].p > 0.5",
            "subject": "input.mail.subject",
        },
    )
    assert json.loads(service.last["body"]) == {"q": "Win", "options": {"top": 3}}
    assert reply.output == {"label": "spam", "is_sure": True, "subject": "Win"}


def test_input_without_what_the_body_needs_is_told_before_anything_is_sent(service):
    with pytest.raises(ModelInputInvalid, match=r"q: .*mail"):
        ask(service, body={"q": "input.mail"})
    assert service.asked == []


def test_answer_without_what_is_kept_of_it_is_told(service):
    with pytest.raises(ModelAnswerInvalid, match=r"label: .*name"):
        ask(service, output={"label": "output.name"})


@pytest.mark.parametrize(
    ("more", "sent"),
    [
        ({"api_key_env": "SHOP_API_KEY"}, {"authorization": f"Bearer {CANARY}"}),
        ({"credential": "shop"}, {"authorization": f"Bearer {CANARY}"}),
        ({"credential": "shop", "key_header": "X-Api-Key"}, {"x-api-key": CANARY}),
    ],
)
def test_key_goes_into_the_header_that_the_service_wants(service, more, sent):
    ask(service, **more)
    assert sent.items() <= service.last["headers"].items()


@pytest.mark.parametrize(
    ("behaviour", "error", "retryable", "says"),
    [
        ("status?code=429", ModelOverloaded, True, "answered 429"),
        ("status?code=503", ModelOverloaded, True, "answered 503"),
        ("status?code=422", ModelRefused, False, "answered 422"),
        ("redirects?to=/replies", ModelRefused, False, "302.*correct url"),
        ("junk", ModelUnavailable, True, "broke off"),
        ("cuts", ModelUnavailable, True, "broke off"),
        ("closes", ModelUnavailable, True, "broke off"),
        ("large?size=5000000", ModelAnswerInvalid, False, "more than"),
        ("zipped", ModelAnswerInvalid, False, "compressed"),
    ],
)
def test_service_that_misbehaves(service, behaviour, error, retryable, says):
    with pytest.raises(error, match=says) as caught:
        ask(service, behaviour)
    assert caught.value.retryable is retryable
    assert len(service.asked) == 1


@pytest.mark.parametrize("behaviour", ["hangs", "drips", "drips_headers"])
def test_slow_service_ends_with_the_time_of_the_call(service, behaviour):
    with pytest.raises(ModelTimedOut, match=r"within 0\.2 s"):
        ask(service, behaviour, timeout_s=0.2)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (b"<html>", "not JSON"),
        (b'{"score": NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "is array; an object was expected"),
    ],
)
def test_answer_must_be_a_json_object(service, reply, says):
    service.reply = reply
    with pytest.raises(ModelAnswerInvalid, match=says):
        ask(service)


def test_nobody_there_can_be_tried_again(service):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        service.origin = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ModelUnavailable, match="cannot be reached") as caught:
            ask(service)
    assert caught.value.retryable


def test_address_that_nobody_allowed_is_refused_when_it_is_loaded(service):
    request = make_load_request({"url": service.url("replies")})
    with pytest.raises(ModelUnavailable, match="BATON_EGRESS_ALLOW"):
        http_json.load(request)


@pytest.mark.parametrize("behaviour", ["replies", "refuses", "cuts", "junk"])
def test_key_stands_in_no_error_and_no_log(service, caplog, behaviour):
    caplog.set_level(logging.DEBUG)
    try:
        text = repr(ask(service, behaviour, credential="shop"))
    except ModelError as error:
        text = "".join(traceback.format_exception(error)) + repr(error)
    assert CANARY in service.last["headers"]["authorization"]
    assert CANARY not in text
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("behaviour", "more", "says"),
    [
        ("replies", {}, "answered 200"),
        ("status?code=405", {}, "answered 405"),
        ("hangs", {"health_url": "replies"}, "answered 200"),
    ],
)
def test_healthy_service(service, behaviour, more, says):
    more = {name: service.url(at) for name, at in more.items()}
    assert says in http_json.health(request_for(service, behaviour, **more), 20.0)
    assert service.last["method"] == "GET"


def test_service_that_is_not_well(service):
    with pytest.raises(ModelOverloaded, match="answered 503"):
        http_json.health(request_for(service, "status?code=503"), 20.0)
    url = service.url("status?code=404")
    with pytest.raises(ModelRefused, match="answered 404"):
        http_json.health(request_for(service, "replies", health_url=url), 20.0)
