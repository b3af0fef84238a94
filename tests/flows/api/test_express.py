"""Express runs: carried out where they are accepted, recorded whole, without a worker."""

import base64
import os

import pytest
from django.db import transaction

from flows.conductor.express import run_express
from flows.models import Run, Step
from flows.services import accepting
from orchestrator_site.ledger.api import Blob, Event, verify
from tests.factories.flows import make_flow
from tests.flows.api.test_runs import start
from tests.flows.conductor.conftest import service

__all__ = ["service"]

pytestmark = pytest.mark.both_databases
EXPRESS = {"durability": "express"}


def test_an_express_run_has_ended_when_it_is_accepted(api, workspace):
    flow = make_flow(
        "in -> a -> cond:true -> out, cond:false -> out2",
        workspace=workspace,
        settings=EXPRESS,
        configs={
            "a": {"values": {"n": "input.n * 2"}},
            "cond": {"when": "steps.a.n > 3"},
            "out": {"values": {"n": "steps.a.n"}},
        },
    )
    response = start(api, flow, input={"n": 2})
    run = response.json()
    assert response.status_code == 201
    assert (run["status"], run["output"]) == ("completed", {"n": 4})
    states = {step["address"]: step["status"] for step in run["steps"]}
    assert states["out"] == "completed"
    assert states["out2"] == "skipped"
    assert api.get(response["Location"]).json() == run
    assert verify().flaws == []


def test_an_express_run_that_fails_is_recorded_too(api, workspace):
    flow = make_flow(
        "in -> a -> out",
        workspace=workspace,
        settings=EXPRESS,
        configs={"a": {"values": {"n": "1 / input.n"}}},
    )
    run = start(api, flow, input={"n": 0}).json()
    assert run["status"] == "failed"
    assert run["error"]["code"] == "expression_failed"
    assert verify().flaws == []


def test_a_large_input_and_output_can_be_read_afterwards(api, workspace):
    flow = make_flow(
        "in -> a -> out",
        workspace=workspace,
        settings=EXPRESS,
        configs={
            "a": {"values": {"text": "input.text + input.text"}},
            "out": {"values": {"text": "steps.a.text"}},
        },
    )
    text = "a long sentence. " * 500
    run = start(api, flow, input={"text": text}).json()
    assert run["output"] == {"text": text * 2}
    assert verify().flaws == []


def test_a_model_is_called_after_a_step_that_computes(api, workspace):
    flow = make_flow("in -> a -> model -> out", workspace=workspace, settings=EXPRESS)
    run = start(api, flow, key="k-1").json()
    assert [step["status"] for step in run["steps"]] == ["completed"] * 4


def test_rule_40_models_are_called_with_the_key_of_the_caller(api, workspace):
    flow = make_flow("in -> model -> out", workspace=workspace, settings=EXPRESS)
    refused = start(api, flow)
    assert refused.status_code == 422
    assert refused.json()["code"] == "idempotency_key_needed"
    assert not Run.objects.exists()
    run = start(api, flow, key="k-1").json()
    again = start(api, flow, key="k-1")
    assert run["status"] == "completed"
    assert run["steps"][1]["model"] == "echo"
    assert (again.status_code, again.json()["id"]) == (200, run["id"])


def test_a_flow_whose_model_computes_is_for_a_worker(api, workspace):
    flow = make_flow(
        "in -> model -> out", workspace=workspace, settings=EXPRESS, runs="cpu"
    )
    assert start(api, flow, key="k-1").json()["status"] == "queued"


def test_an_express_run_with_too_many_steps_fails_by_name(api, workspace):
    flow = make_flow(
        "in -> map -> out, a",
        workspace=workspace,
        settings=EXPRESS,
        parents={"a": "map"},
        configs={"map": {"items": "input.items"}},
    )
    run = start(api, flow, input={"items": list(range(1200))}).json()
    assert run["error"]["code"] == "express_run_too_long"


def test_rule_40_service_that_is_asked_again_gets_the_same_key(
    transactional_db, service, api, workspace, monkeypatch
):
    flow = make_flow(
        "in -> call -> join, in -> get -> join, join -> out",
        workspace=workspace,
        settings=EXPRESS,
        types={"call": "http_request", "get": "http_request"},
        configs={
            "call": {
                "url": service.url("answers"),
                "method": "POST",
                "idempotency": "header",
            },
            "get": {"url": service.url("answers")},
            "out": {"values": {"status": "steps.call.status"}},
        },
    )
    assert start(api, flow).json()["code"] == "idempotency_key_needed"
    with monkeypatch.context() as crash:
        crash.setattr(accepting, "run_express", run_and_fail)
        assert start(api, flow, key="k-1").status_code == 500
    run = start(api, flow, key="k-1").json()
    assert (run["status"], run["output"]) == ("completed", {"status": 200})
    sent = [each["headers"].get("idempotency-key") for each in service.asked]
    assert sent.count(None) == 2
    assert len(set(sent) - {None}) == 1
    assert start(api, flow, key="k-1").json()["id"] == run["id"]
    assert len(service.asked) == 4
    assert verify().flaws == []


def test_service_that_fails_fails_an_express_run(
    transactional_db, service, api, workspace
):
    flow = make_flow(
        "in -> get -> out",
        workspace=workspace,
        settings=EXPRESS,
        types={"get": "http_request"},
        configs={"get": {"url": service.url("status?code=500")}},
    )
    run = start(api, flow, key="k-1").json()
    assert (run["status"], run["error"]["code"]) == ("failed", "http_status")


def run_and_fail(asked):
    run_express(asked)
    raise OSError("the disk is full")


def run_to_one_event_twice(asked):
    """What the database refuses when it has taken the run and some events already."""
    commit = run_express(asked)
    commit.events.append(commit.events[-1])
    return commit


def store_badly(api, workspace, monkeypatch):
    """Ask for a run that the database refuses; nothing of it may be there."""
    flow = make_flow("in -> a -> out", workspace=workspace, settings=EXPRESS)
    before = Event.objects.count()
    monkeypatch.setattr(accepting, "run_express", run_to_one_event_twice)
    assert start(api, flow).status_code == 500
    assert not Run.objects.exists()
    assert Event.objects.count() == before


def test_rule_40_nothing_is_stored_of_a_run_that_could_not_be_recorded(
    transactional_db, api, workspace, monkeypatch
):
    store_badly(api, workspace, monkeypatch)


def test_rule_40_nothing_is_stored_of_it_inside_a_transaction_either(
    api, workspace, monkeypatch
):
    store_badly(api, workspace, monkeypatch)


def test_a_run_is_stored_alike_inside_a_transaction(transactional_db, api, workspace):
    flow = make_flow(
        "in -> a -> cond:true -> out, cond:false -> out2",
        workspace=workspace,
        settings=EXPRESS,
        configs={
            "a": {"values": {"text": "input.text"}},
            "cond": {"when": "size(steps.a.text) > 3"},
            "out": {"values": {"text": "steps.a.text"}},
        },
    )
    value = {"text": base64.b85encode(os.urandom(20_000)).decode()}
    alone = start(api, flow, input=value).json()
    with transaction.atomic():
        inside = start(api, flow, input=value).json()
    assert as_stored(alone["id"]) == as_stored(inside["id"])
    assert verify().flaws == []


def as_stored(run_id):
    """All columns of a run, its steps and its blobs, but what differs between any two."""
    run = {**Run.objects.values().get(pk=run_id)}
    moments = [run.pop(name) for name in ("created_at", "started_at", "ended_at")]
    assert all(moments)
    for unlike in ("id", "head", "input", "result"):
        assert run.pop(unlike)
    unlike = ("run_id", "result", "started_at", "ended_at", "duration_ms")
    steps = [
        {name: each[name] for name in each if name not in unlike}
        for each in Step.objects.filter(run_id=run_id)
        .order_by("seq", "address")
        .values()
    ]
    events = Event.objects.filter(chain_id=run_id).order_by("seq")
    kinds = list(events.values_list("seq", "kind", "workspace_id"))
    return run, steps, kinds, Blob.objects.filter(owner_id=run_id).count()
