import pytest

from model_registry.adapters import oip_v2
from model_registry.adapters.base import AdapterCall
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelInputInvalid,
    ModelOverloaded,
    ModelRefused,
    ModelUnavailable,
)
from tests.factories.models import make_load_request
from tests.fakes.oip_server import oip_server

ROW = {"x": {"datatype": "FP32", "fields": ["amount", "fee"]}}
TABLE = {"x": {"datatype": "FP32", "field": "rows"}}
PAYMENT = {"amount": 10, "fee": 0.5}


@pytest.fixture
def server():
    with oip_server() as server:
        yield server


def request_for(server, **more):
    settings = {"base_url": server.origin, "model": "sum", "inputs": ROW, **more}
    return make_load_request(
        settings, origins=[server.origin], read_secret=lambda name: f"key of {name}"
    )


def ask(server, value=PAYMENT, **more):
    model = oip_v2.load(request_for(server, **more))
    call = AdapterCall(input=value, timeout_s=20.0, idempotency_key="r/s")
    try:
        return model(call)
    finally:
        model.http.close()


def test_fields_make_one_row_and_its_answer_is_no_list(server):
    assert ask(server).output == {"sum": 10.5, "count": [2]}
    path, headers, body = server.asked[0]
    assert path == "/v2/models/sum/infer"
    assert "authorization" not in headers
    tensor = {"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [10, 0.5]}
    assert body == {"id": "r/s", "inputs": [tensor]}


def test_field_holds_a_whole_tensor(server):
    reply = ask(server, {"rows": [[1, 2], [3, 4], [5, 6]]}, inputs=TABLE)
    assert reply.output == {"sum": [3.0, 7.0, 11.0], "count": [[2], [2], [2]]}


def test_outputs_are_asked_for_and_named_as_the_model_says(server):
    reply = ask(server, outputs={"total": "sum"})
    assert reply.output == {"total": 10.5}
    assert server.asked[0][2]["outputs"] == [{"name": "sum"}]


def test_version_and_key_are_sent(server):
    ask(server, model_version="1", credential="shop")
    path, headers, _body = server.asked[0]
    assert path == "/v2/models/sum/versions/1/infer"
    assert headers["authorization"] == "Bearer key of shop"


@pytest.mark.parametrize(
    ("value", "inputs", "says"),
    [
        ({"amount": 1}, ROW, "'fee' is missing"),
        ({"amount": 1, "fee": None}, ROW, "'fee' holds null"),
        ({"amount": 1, "fee": "much"}, ROW, "takes FP32; found string"),
        ({"amount": False, "fee": 1}, ROW, "takes FP32; found boolean"),
        ({"rows": [[1, 2], [3]]}, TABLE, "different lengths"),
        ({"rows": [[1, 2], 3]}, TABLE, "'rows' holds array"),
    ],
)
def test_input_that_is_no_tensor_is_told_before_anything_is_sent(
    server, value, inputs, says
):
    with pytest.raises(ModelInputInvalid, match=says):
        ask(server, value, inputs=inputs)
    assert server.asked == []


def test_refusal_of_the_server_is_told_in_its_words(server):
    other = {"y": {"datatype": "FP32", "fields": ["amount", "fee"]}}
    with pytest.raises(ModelRefused, match="400: the input x is missing"):
        ask(server, inputs=other)


@pytest.mark.parametrize(
    ("status", "answer", "error", "says"),
    [
        (503, {"error": "loading"}, ModelOverloaded, "503: loading"),
        (200, b"{half", ModelAnswerInvalid, "not JSON"),
        (200, [], ModelAnswerInvalid, "none of the Open Inference Protocol"),
        (200, {"outputs": [{"name": "sum"}]}, ModelAnswerInvalid, "none of the Open"),
        (
            200,
            {"outputs": [{"name": "sum", "shape": [3], "data": [1]}]},
            ModelAnswerInvalid,
            r"'sum' cannot be read: 1 entries do not fill \[3\]",
        ),
        (200, {"outputs": []}, ModelAnswerInvalid, "lacks the tensor 'sum'"),
    ],
)
def test_server_that_misbehaves(server, status, answer, error, says):
    server.misbehave = (status, answer)
    with pytest.raises(error, match=says):
        ask(server, outputs={"total": "sum"})


def test_origin_that_nobody_allowed_is_refused(server):
    settings = {"base_url": server.origin, "model": "sum", "inputs": ROW}
    with pytest.raises(ModelUnavailable, match="BATON_EGRESS_ALLOW"):
        oip_v2.load(make_load_request(settings))


def test_health_is_what_the_server_says_of_the_model(server):
    assert "ready" in oip_v2.health(request_for(server), 20.0)
    with pytest.raises(ModelRefused, match="404: no model"):
        oip_v2.health(request_for(server, model="other"), 20.0)


def test_schema_is_read_from_the_metadata(server):
    told = oip_v2.schema(request_for(server), 20.0)
    number = {"type": "number"}
    assert told.input["properties"] == {"amount": number, "fee": number}
    assert told.output["properties"] == {"sum": number, "count": {"type": "integer"}}
    told = oip_v2.schema(request_for(server, inputs=TABLE), 20.0)
    row = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    assert told.input["properties"] == {"rows": {"type": "array", "items": row}}
    assert told.output["properties"]["sum"] == {"type": "array", "items": number}
    server.misbehave = (200, {"inputs": "many"})
    assert oip_v2.schema(request_for(server), 20.0).input is None
