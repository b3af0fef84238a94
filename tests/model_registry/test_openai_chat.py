import logging
import socket
import traceback

import pytest

from model_registry.adapters.base import AdapterCall
from model_registry.adapters.openai_chat import load
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

CANARY = "sk-canary-7f3a9c"
SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}}
PRICE = {"input_usd_per_million": 2.5, "output_usd_per_million": 10}


def settings(url: str, **more):
    return {"base_url": url, "model": "small", "prompt": "Say {{ input.text }}", **more}


def ask(server, behaviour="answers", *, timeout_s=20.0, value=None, **more):
    request = make_load_request(
        settings(server.url(behaviour), **more),
        origins=[server.origin],
        output_schema=SCHEMA,
    )
    call = AdapterCall(
        input=value or {"text": "hello"}, timeout_s=timeout_s, idempotency_key="r/s"
    )
    model = load(request)
    try:
        return model(call)
    finally:
        model.client.close()


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("SHOP_API_KEY", CANARY)
    return "SHOP_API_KEY"


def test_answer_is_an_object_with_usage_and_cost(server):
    reply = ask(server, price=PRICE)
    assert reply.output == {"answer": "Yes."}
    assert reply.usage == {"input_tokens": 120, "output_tokens": 30}
    assert reply.cost_usd_micros == 600


def test_question_holds_prompt_schema_and_limits(server):
    ask(server, system="Be kind.", temperature=0, max_tokens=50)
    asked = server.requests[0]
    assert asked["model"] == "small"
    assert [(m["role"], m["content"]) for m in asked["messages"]] == [
        ("system", "Be kind."),
        ("user", "Say hello"),
    ]
    assert (asked["temperature"], asked["max_tokens"]) == (0, 50)
    assert asked["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }
    assert server.headers[0]["idempotency-key"] == "r/s"


def test_version_may_ask_for_a_schema_of_its_own(server):
    own = {"type": "object", "required": ["answer"]}
    ask(server, response_schema=own)
    assert server.requests[0]["response_format"]["json_schema"]["schema"] == own


def test_key_is_read_for_each_call(server, key, monkeypatch, tmp_path):
    ask(server, api_key_env=key)
    monkeypatch.delenv(key)
    path = tmp_path / "key"
    path.write_text("sk-second\n")
    monkeypatch.setenv("SHOP_API_KEY_FILE", str(path))
    ask(server, api_key_env=key)
    sent = [headers["authorization"] for headers in server.headers]
    assert sent == [f"Bearer {CANARY}", "Bearer sk-second"]


def test_variables_of_the_client_are_not_sent(server, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "not-ours")
    ask(server)
    assert "not-ours" not in str(server.headers[0])


def test_missing_key_is_told_by_its_name(server):
    with pytest.raises(ModelUnavailable, match="SHOP_API_KEY or SHOP_API_KEY_FILE"):
        ask(server, api_key_env="SHOP_API_KEY")
    assert server.requests == []


@pytest.mark.parametrize(
    ("behaviour", "error", "retryable", "says"),
    [
        ("overloaded", ModelOverloaded, True, "429: slow down"),
        ("breaks", ModelOverloaded, True, "answered 500"),
        ("refuses", ModelRefused, False, "401: bad key"),
        ("redirects", ModelRefused, False, "302.*Redirects are not followed"),
        ("junk", ModelAnswerInvalid, True, "not JSON"),
        ("html", ModelAnswerInvalid, False, "no chat completion"),
        ("empty", ModelAnswerInvalid, False, "no chat completion"),
        ("huge", ModelAnswerInvalid, False, "more than"),
        ("zipped", ModelAnswerInvalid, False, "compressed"),
        ("cuts", ModelUnavailable, True, "broke off"),
    ],
)
def test_server_that_misbehaves(server, behaviour, error, retryable, says):
    with pytest.raises(error, match=says) as caught:
        ask(server, behaviour)
    assert caught.value.retryable is retryable
    assert len(server.requests) == 1


def test_silence_ends_with_the_time_of_the_call(server):
    with pytest.raises(ModelTimedOut, match=r"within 0\.2 s") as caught:
        ask(server, "hangs", timeout_s=0.2)
    assert caught.value.retryable


def test_drip_ends_with_the_time_of_the_call(server):
    with pytest.raises(ModelTimedOut):
        ask(server, "drips", timeout_s=0.2)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("Sure, here it is", "not JSON"),
        ("[1]", "is array"),
        ('{"score": NaN}', "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_content_must_be_a_json_object(server, reply, says):
    server.reply = reply
    with pytest.raises(ModelAnswerInvalid, match=says) as caught:
        ask(server)
    assert caught.value.retryable


def test_answer_cut_at_max_tokens_is_told(server):
    server.finish_reason = "length"
    with pytest.raises(ModelAnswerInvalid, match="max_tokens, 1024"):
        ask(server)


def test_refusal_of_the_model_is_told(server):
    server.refusal = "I would rather not."
    with pytest.raises(ModelRefused, match="rather not"):
        ask(server)


def test_nobody_there_can_be_tried_again(server):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        server.origin = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ModelUnavailable, match="cannot be reached") as caught:
            ask(server)
    assert caught.value.retryable


def test_origin_is_checked_when_the_model_is_loaded_too(server):
    request = make_load_request(settings(server.url("answers")))
    with pytest.raises(ModelUnavailable, match="BATON_EGRESS_ALLOW"):
        load(request)


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert ask(server).output == {"answer": "Yes."}


def test_text_of_the_input_is_not_read_as_a_prompt(server):
    ask(server, value={"text": "{{ input.secret }}", "secret": "hidden"})
    assert server.requests[0]["messages"][-1]["content"] == "Say {{ input.secret }}"


def test_name_that_the_input_lacks_is_told_before_anything_is_sent(server):
    with pytest.raises(ModelInputInvalid, match=r"input\.text"):
        ask(server, value={"other": 1})
    assert server.requests == []


@pytest.mark.parametrize(
    "behaviour", ["answers", "overloaded", "breaks", "refuses", "junk", "cuts", "hangs"]
)
def test_key_stands_in_no_error_and_no_log(server, key, caplog, behaviour):
    caplog.set_level(logging.DEBUG)
    text = ""
    try:
        text = repr(ask(server, behaviour, timeout_s=2, api_key_env=key))
    except ModelError as error:
        text = "".join(traceback.format_exception(error)) + repr(error)
    assert server.headers[0]["authorization"] == f"Bearer {CANARY}"
    assert text
    assert CANARY not in text
    assert CANARY not in caplog.text
