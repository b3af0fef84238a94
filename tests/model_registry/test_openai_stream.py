import logging
import traceback

import pytest

from model_registry.adapters.base import AdapterCall
from model_registry.adapters.openai_chat import load
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
)
from tests.factories.models import make_load_request

CANARY = "sk-canary-91d0"
PRICE = {"input_usd_per_million": 2.5, "output_usd_per_million": 10}


def ask(server, behaviour="answers", *, timeout_s=20.0, **more):
    settings = {
        "base_url": server.url(behaviour),
        "model": "small",
        "prompt": "Say {{ input.text }}",
        "stream": True,
        **more,
    }
    request = make_load_request(
        settings, origins=[server.origin], read_secret=lambda _name: CANARY
    )
    model = load(request)
    call = AdapterCall(
        input={"text": "hello"}, timeout_s=timeout_s, idempotency_key="r/s"
    )
    try:
        return model(call)
    finally:
        model.client.close()


def test_pieces_are_put_together_with_usage_and_cost(server):
    server.reply = '{"answer": "Yes, über all of it, in many pieces."}'
    reply = ask(server, price=PRICE)
    assert reply.output == {"answer": "Yes, über all of it, in many pieces."}
    assert reply.usage == {"input_tokens": 120, "output_tokens": 30}
    assert reply.cost_usd_micros == 600
    asked = server.requests[0]
    assert (asked["stream"], asked["stream_options"]) == (True, {"include_usage": True})


def test_connection_is_used_again_after_a_stream(server):
    request = make_load_request(
        {
            "base_url": server.url("answers"),
            "model": "small",
            "prompt": "Hi",
            "stream": True,
        },
        origins=[server.origin],
    )
    model = load(request)
    call = AdapterCall(input={}, timeout_s=20.0, idempotency_key="r/s")
    assert model(call).output == model(call).output == {"answer": "Yes."}
    model.client.close()


@pytest.mark.parametrize(
    ("behaviour", "error", "retryable", "says"),
    [
        ("stops", ModelUnavailable, True, "in the middle"),
        ("hangs_up", ModelUnavailable, True, "broke off"),
        ("errs", ModelUnavailable, True, r"broke off: out of memory \[key\]"),
        ("garbles", ModelAnswerInvalid, True, "not JSON"),
        ("strays", ModelAnswerInvalid, True, "no stream of a chat completion"),
        ("ignores_stream", ModelAnswerInvalid, False, "Take `stream` out"),
        ("babbles", ModelAnswerInvalid, False, "more than"),
        ("overloaded", ModelOverloaded, True, "429: slow down"),
        ("breaks", ModelOverloaded, True, "answered 500"),
        ("refuses", ModelRefused, False, r"401: bad key \[key\]"),
    ],
)
def test_stream_that_goes_wrong(server, behaviour, error, retryable, says):
    with pytest.raises(error, match=says) as caught:
        ask(server, behaviour, credential="shop")
    assert caught.value.retryable is retryable
    assert len(server.requests) == 1


@pytest.mark.parametrize("behaviour", ["hangs", "whispers"])
def test_slow_stream_ends_with_the_time_of_the_call(server, behaviour):
    with pytest.raises(ModelTimedOut, match=r"within 0\.3 s"):
        ask(server, behaviour, timeout_s=0.3)


def test_stream_cut_at_max_tokens_is_told(server):
    server.finish_reason = "length"
    with pytest.raises(ModelAnswerInvalid, match="max_tokens, 1024"):
        ask(server)


def test_refusal_in_a_stream_is_told(server):
    server.refusal = "I would rather not."
    with pytest.raises(ModelRefused, match="rather not"):
        ask(server)


@pytest.mark.parametrize("behaviour", ["errs", "garbles", "stops", "hangs_up"])
def test_key_stands_in_no_error_and_no_log(server, caplog, behaviour):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ModelError) as caught:
        ask(server, behaviour, credential="shop")
    text = "".join(traceback.format_exception(caught.value))
    assert server.headers[0]["authorization"] == f"Bearer {CANARY}"
    assert CANARY not in text
    assert CANARY not in caplog.text
