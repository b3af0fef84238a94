import json

import pytest

from model_registry.adapters import openai_embeddings
from model_registry.adapters.base import AdapterCall
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelInputInvalid,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
)
from tests.factories.models import make_load_request

PRICE = {"input_usd_per_million": 20, "output_usd_per_million": 0}


def request_for(server, behaviour="answers", **more):
    settings = {"base_url": server.url(behaviour), "model": "small", **more}
    return make_load_request(
        settings, origins=[server.origin], read_secret=lambda name: f"key-of-{name}"
    )


def ask(server, value, behaviour="answers", *, timeout_s=20.0, **more):
    model = openai_embeddings.load(request_for(server, behaviour, **more))
    call = AdapterCall(input=value, timeout_s=timeout_s, idempotency_key="r/s")
    try:
        return model(call)
    finally:
        model.client.close()


def test_one_text_gives_one_vector_with_usage_and_cost(server):
    reply = ask(
        server,
        {"title": "Kettle", "body": "Boils."},
        text="{{ input.title }}: {{ input.body }}",
        price=PRICE,
        credential="shop",
        dimensions=2,
    )
    assert reply.output == {"vector": [14, 0]}
    assert (reply.usage, reply.cost_usd_micros) == ({"input_tokens": 4}, 80)
    asked, headers = server.requests[0], server.headers[0]
    assert (asked["input"], asked["dimensions"]) == (["Kettle: Boils."], 2)
    assert asked["encoding_format"] == "float"
    assert headers["authorization"] == "Bearer key-of-shop"
    assert headers["idempotency-key"] == "r/s"


def test_list_of_texts_gives_vectors_in_its_order(server):
    reply = ask(server, {"passages": ["a", "bbb", "cc"]}, texts="passages")
    assert reply.output == {"vectors": [[1, 0], [3, 1], [2, 2]]}


@pytest.mark.parametrize(
    "passages", [[], "text", [1], ["a", "\ud800"], ["x"] * 2_049, None]
)
def test_input_that_is_no_list_of_texts_is_told_before_anything_is_sent(
    server, passages
):
    with pytest.raises(ModelInputInvalid, match="passages"):
        ask(server, {"passages": passages}, texts="passages")
    assert server.requests == []


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([], "0 vectors, for 2 texts"),
        ([(0, [1.0]), (0, [1.0])], "2 vectors, for 2 texts"),
        ([(0, [1.0]), (1, [1.0, 2.0])], "differ in length"),
        ([(0, []), (1, [])], "differ in length, or are empty"),
        ([(0, ["a"]), (1, ["b"])], "no vectors"),
        ([(0, "AACAPw=="), (1, "AACAPw==")], "no vectors"),
        ([(0, [float("inf")]), (1, [1.0])], "no vectors"),
        (None, "no vectors"),
    ],
)
def test_answer_that_holds_no_vectors(server, entries, says):
    data = entries and [{"index": at, "embedding": vector} for at, vector in entries]
    server.reply = json.dumps({"data": data})
    with pytest.raises(ModelAnswerInvalid, match=says):
        ask(server, {"passages": ["a", "b"]}, "repeats", texts="passages")


@pytest.mark.parametrize(
    ("behaviour", "error", "says"),
    [
        ("overloaded", ModelOverloaded, "429: slow down"),
        ("refuses", ModelRefused, r"401: bad key \[key\]"),
        ("junk", ModelAnswerInvalid, "not JSON"),
        ("html", ModelAnswerInvalid, "no vectors|cannot be read"),
        ("cuts", ModelUnavailable, "broke off"),
        ("hangs", ModelTimedOut, r"within 0\.3 s"),
    ],
)
def test_server_that_misbehaves(server, behaviour, error, says):
    with pytest.raises(error, match=says):
        ask(
            server,
            {"text": "a"},
            behaviour,
            timeout_s=0.3 if behaviour == "hangs" else 20.0,
            text="{{ input.text }}",
            credential="shop",
        )


def test_health_is_whether_the_server_lists_the_model(server):
    text = "{{ input.text }}"
    well = openai_embeddings.health(request_for(server, text=text), 20.0)
    assert well == "The server lists small."
    server.models = ["other"]
    with pytest.raises(ModelUnavailable, match=r"no model 'small'.*other"):
        openai_embeddings.health(request_for(server, text=text), 20.0)
    server.models = []
    told = openai_embeddings.health(request_for(server, text=text), 20.0)
    assert told == "The server answers."


@pytest.mark.parametrize("behaviour", ["html", "empty", "junk"])
def test_health_of_something_else_behind_the_address(server, behaviour):
    request = request_for(server, behaviour, text="{{ input.text }}")
    with pytest.raises(ModelAnswerInvalid, match="no list of models|not JSON"):
        openai_embeddings.health(request, 20.0)


def test_schema_is_that_of_the_vectors(server):
    one = request_for(server, text="{{ input.text }}", dimensions=3)
    vector = openai_embeddings.schema(one, 20.0).output["properties"]["vector"]
    assert (vector["minItems"], vector["maxItems"]) == (3, 3)
    many = openai_embeddings.schema(request_for(server, texts="passages"), 20.0)
    assert many.input["required"] == ["passages"]
    assert many.output["required"] == ["vectors"]
