"""Every error is a problem document, with the right code."""

import logging

import pytest
from rest_framework.exceptions import Throttled

from flows.api import flow_views, problems, run_views
from flows.api.parsers import DocumentParser
from tests.factories.flows import make_flow
from tests.factories.graphs import document
from tests.flows.api.clients import ApiClient

MEMBERS = {"type", "title", "status", "detail", "code"}


def check(response, status, code):
    found = response.json()
    assert (response.status_code, found["code"]) == (status, code), found
    assert response["Content-Type"] == "application/problem+json"
    assert found["status"] == status
    assert set(found) >= MEMBERS
    assert found["type"] == f"urn:baton:problem:{code}"
    return found


@pytest.mark.parametrize("path", ["/nothing", "/flows/", "/runs/no-uuid", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_address(path, method, api):
    check(api.send(method, path), 404, "not_found")


def test_unknown_address_beside_the_version(client):
    check(client.get("/api/v2/runs"), 404, "not_found")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS"])
def test_method_that_is_not_there(method, api):
    response = api.send(method, "/runs")
    check(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"document": ', 400, "document_not_json"),
        (b"\xff\xfe\xff", 400, "document_not_json"),
        (b'{"document": NaN}', 400, "document_not_json"),
        (b'{"document": 1e999}', 400, "document_not_json"),
        (b'{"document": 99999999999999999999}', 400, "document_not_json"),
        (b'{"document": "\\ud800"}', 400, "document_not_json"),
        (b'{"document": 1, "document": 2}', 400, "key_duplicate"),
        (b'{"document": ' + b"[" * 70 + b"]" * 70 + b"}", 400, "document_too_deep"),
        (b"[" * 100_000, 400, "document_too_deep"),
        (
            b'{"document": "' + b"a" * DocumentParser.max_bytes + b'"}',
            413,
            "document_too_large",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_body_that_is_no_clean_json(body, status, code, api):
    found = check(api.send("POST", "/flows/validate", body), status, code)
    assert found["problems"][0]["code"] == code


def test_body_without_a_document_is_not_read_as_far(api):
    body = {"flow": "support", "input": {"message": "a" * 1_000_000}}
    check(api.send("POST", "/runs", body), 413, "document_too_large")


def test_body_in_chunks(api):
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    response = api.post(
        "/api/v1/flows/validate", {}, content_type="application/json", **chunked
    )
    check(response, 411, "length_required")


def test_body_of_another_type(api):
    response = api.post("/api/v1/flows/validate", {"document": "{}"})
    check(response, 415, "unsupported_media_type")


def test_answer_of_another_type(api):
    check(api.send("GET", "/runs", accept="text/html"), 406, "not_acceptable")


def test_missing_and_unknown_members_are_all_listed(api):
    found = check(api.send("POST", "/runs", {"inptu": {}}), 400, "request_invalid")
    assert found["problems"][0]["pointer"] == "/inptu"
    found = check(api.send("POST", "/runs", {}), 400, "request_invalid")
    assert [(p["pointer"], p["code"]) for p in found["problems"]] == [
        ("/flow", "required"),
        ("/input", "required"),
    ]


@pytest.mark.parametrize("body", [[], 7, "text", None])
def test_body_that_is_no_object(body, api):
    check(api.send("POST", "/runs", body), 400, "request_invalid")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"status": "done"},
        {"since": "yesterday"},
        {"statsu": "failed"},
    ],
    ids=str,
)
def test_query_that_is_not_understood(query, api):
    found = check(api.get("/api/v1/runs", query), 400, "request_invalid")
    assert found["problems"][0]["pointer"] == f"/{next(iter(query))}"


@pytest.mark.parametrize("cursor", ["x", "!!!!", "bm9pZA==", "AAAA"])
def test_cursor_of_nowhere(cursor, api):
    check(api.get("/api/v1/runs", {"cursor": cursor}), 400, "cursor_invalid")


@pytest.mark.parametrize("key", ["", "a b", "k" * 201, "ü"])
def test_idempotency_key_that_is_none(key, api, workspace):
    body = {"flow": make_flow(workspace=workspace).slug, "input": {}}
    response = api.send("POST", "/runs", body, Idempotency_Key=key)
    check(response, 400, "idempotency_key_invalid")


def test_things_that_do_not_exist(api, workspace):
    slug = make_flow(workspace=workspace).slug
    run = "01890000-0000-7000-8000-000000000000"
    body = {"flow": "none", "input": {}}
    check(api.send("GET", "/flows/none"), 404, "flow_not_found")
    check(api.send("GET", f"/flows/{slug}/versions/9"), 404, "version_not_found")
    check(api.send("GET", f"/runs/{run}"), 404, "run_not_found")
    check(api.send("POST", "/runs", body), 404, "flow_not_found")
    body = {"flow": slug, "input": {}, "version": 9}
    check(api.send("POST", "/runs", body), 404, "version_not_found")


def test_input_that_breaks_the_schema_names_the_place(api, workspace):
    schema = {"type": "object", "properties": {"message": {"type": "string"}}}
    flow = make_flow(workspace=workspace, input_schema=schema)
    body = {"flow": flow.slug, "input": {"message": 7}}
    found = check(api.send("POST", "/runs", body), 422, "input_invalid")
    assert found["pointer"] == "/message"


def test_flow_that_was_never_published(api):
    body = {"slug": "fresh", "document": document("in -> out")}
    assert api.send("POST", "/flows", body).status_code == 201
    response = api.send("POST", "/runs", {"flow": "fresh", "input": {}})
    check(response, 409, "flow_not_published")


def test_throttled_request_says_when_to_come_again(api, monkeypatch):
    def refuse(view, request):
        raise Throttled(wait=7)

    monkeypatch.setattr(run_views.RunsView, "check_throttles", refuse)
    response = api.send("GET", "/runs")
    check(response, 429, "throttled")
    assert response["Retry-After"] == "7"


def test_fault_of_ours_tells_only_a_reference(api, monkeypatch, caplog):
    monkeypatch.setattr(flow_views, "schema_document", lambda: 1 / 0)
    with caplog.at_level(logging.ERROR, logger=problems.__name__):
        found = check(api.send("GET", "/flow-schema"), 500, "internal_error")
    assert "division" not in str(found)
    assert found["reference"] in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_request_for_another_host_is_a_problem_too(db):
    response = ApiClient().send("GET", "/runs", host="elsewhere.example")
    check(response, 400, "bad_request")
