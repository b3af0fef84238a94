import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from flows.api import answers
from flows.models import Run
from flows.selectors import wait_for_run
from tests.factories.flows import make_flow, make_run

RUN = """
    id flow version status input output error cost_usd_micros started_at ended_at steps
"""


@pytest.fixture
def flow(workspace):
    return make_flow(workspace=workspace)


def start(api, flow, *, key=None, **body):
    headers = {"Idempotency_Key": key} if key else {}
    body = {"flow": flow.slug, "input": {}, **body}
    return api.send("POST", "/runs", body, **headers)


def test_started_run_is_the_run_that_is_read(api, flow):
    response = start(api, flow, input={"message": "Hello"})
    run = response.json()
    assert response.status_code == 201
    assert (run["status"], run["version"], run["steps"]) == ("queued", 1, [])
    assert run["input"] == {"message": "Hello"}
    assert api.get(response["Location"]).json() == run


def test_run_holds_exactly_the_members_of_the_contract(api, flow):
    run = start(api, flow).json()
    assert set(run) == set(RUN.split())


@pytest.mark.both_databases
def test_same_key_gives_the_same_run(api, flow):
    first, again = start(api, flow, key="order-7"), start(api, flow, key="order-7")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Run.objects.count() == 1


def test_same_key_for_another_input_is_refused(api, flow):
    start(api, flow, key="order-7")
    response = start(api, flow, key="order-7", input={"message": "Hello"})
    assert response.status_code == 409
    assert response.json()["code"] == "idempotency_key_reused"


def test_same_key_in_another_workspace_is_another_key(api, flow):
    make_run(key="order-7")
    assert start(api, flow, key="order-7").status_code == 201


def test_chosen_version_is_run(api, flow):
    assert start(api, flow, version=1).json()["version"] == 1


@pytest.mark.parametrize("members", [{"document": {}}, {"nodes": []}])
def test_run_takes_no_definition(members, api, flow):
    response = start(api, flow, **members)
    assert response.status_code == 400
    assert response.json()["problems"][0]["code"] == "key_unknown"


@pytest.mark.parametrize("wait", [-1, 61, "long"])
def test_wait_is_bounded(wait, api, flow):
    response = start(api, flow, wait=wait)
    assert response.status_code == 400
    assert response.json()["problems"][0]["pointer"] == "/wait"


def test_run_of_no_steps_has_one_event(api, flow):
    run = start(api, flow).json()
    answer = api.read(f"/runs/{run['id']}/events")
    event = answer["items"][0]
    assert (event["seq"], event["kind"]) == (1, "run.started")
    assert event["actor"].startswith("token:")
    assert answer["next_after"] == 1
    assert api.read(f"/runs/{run['id']}/events", after=1) == {
        "items": [],
        "next_after": 1,
    }


def test_cancelling_is_accepted_until_the_run_has_ended(api, flow):
    run = start(api, flow).json()
    path = f"/runs/{run['id']}/cancel"
    assert api.send("POST", path).status_code == 202
    Run.objects.update(status="cancelled", ended_at=timezone.now())
    late = api.send("POST", path)
    assert (late.status_code, late.json()["code"]) == (409, "run_ended")


def test_wait_ends_with_its_time(api, transactional_db):
    flow = make_flow()
    run = make_run(flow=flow)
    began = time.monotonic()
    waited = wait_for_run(flow.workspace, run.pk, seconds=0.2)
    assert waited.status == "queued"
    assert time.monotonic() - began >= 0.2


def test_wait_ends_with_the_run(transactional_db):
    run = make_run()

    def end_it():
        Run.objects.update(status="failed", ended_at=timezone.now())
        connection.close()

    timer = threading.Timer(0.1, end_it)
    timer.start()
    waited = wait_for_run(run.workspace, run.pk, seconds=30)
    timer.join()
    assert waited.status == "failed"


@pytest.mark.both_databases
def test_waiting_client_gets_the_completed_run(live_conductor, api, workspace):
    values = {"reply": "steps.model.text"}
    configs = {
        "model": {"model": "echo", "input": {"text": "input.message"}},
        "out": {"values": values},
    }
    flow = make_flow(workspace=workspace, configs=configs)
    run = start(api, flow, input={"message": "Hello"}, wait=30).json()
    assert (run["status"], run["output"]) == ("completed", {"reply": "Hello"})
    assert [step["node_id"] for step in run["steps"]] == ["in", "model", "out"]
    assert list(run["steps"][0]) == list(answers.StepDetail().fields)
    steps = api.read(f"/runs/{run['id']}/steps")
    assert steps == {"items": run["steps"]}
    events = api.read(f"/runs/{run['id']}/events", limit=2)
    assert [event["seq"] for event in events["items"]] == [1, 2]
    rest = api.read(f"/runs/{run['id']}/events", after=events["next_after"])
    assert rest["items"][-1]["kind"] == "run.completed"
