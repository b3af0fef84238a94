"""Runs through a real conductor, on both databases."""

import pytest

from flows.selectors import run_document
from flows.services.steering import request_cancel
from model_registry.models import Alias
from orchestrator_site.ledger.api import Event, verify
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases


def statuses(run):
    return {step["node_id"]: step["status"] for step in run_document(run)["steps"]}


def test_a_run_gives_its_output(live_conductor):
    configs = {
        "model": {"model": "echo", "input": {"text": "input.text"}},
        "out": {"values": {"heard": "steps.model.text"}},
    }
    run = make_run(configs=configs, input={"text": "hello"})
    document = run_document(wait_for_end(run))
    assert document["status"] == "completed"
    assert document["output"] == {"heard": "hello"}
    assert document["error"] is None


def test_branches_meet_in_a_join(live_conductor):
    run = wait_for_end(make_run("in -> a -> join -> out, in -> b -> join"))
    assert set(statuses(run).values()) == {"completed"}


def test_the_way_not_taken_is_recorded_as_skipped(live_conductor):
    drawing = "in -> cond:true -> a -> out, cond:false -> b -> c -> out"
    run = wait_for_end(make_run(drawing))
    assert statuses(run) == {
        "in": "completed",
        "cond": "completed",
        "a": "completed",
        "b": "skipped",
        "c": "skipped",
        "out": "completed",
    }


def test_a_switch_takes_the_case_that_holds(live_conductor):
    cases = [{"port": "big", "when": "input.n > 10"}]
    run = make_run(
        "in -> switch:big -> out1, switch:otherwise -> out2",
        configs={"switch": {"cases": cases}},
        input={"n": 11},
    )
    assert statuses(wait_for_end(run))["out1"] == "completed"


def test_a_large_payload_survives(live_conductor):
    text = "kettle " * 5000
    run = make_run(
        configs={"out": {"values": {"text": "input.text"}}}, input={"text": text}
    )
    assert run_document(wait_for_end(run))["output"] == {"text": text}


@pytest.mark.parametrize("runs", ["loop", "wait", "cpu"])
def test_models_answer_wherever_they_run(live_conductor, runs):
    assert wait_for_end(make_run(runs=runs)).status == "completed"


def test_a_failing_expression_fails_step_and_run(live_conductor):
    run = make_run(configs={"out": {"values": {"x": "input.missing"}}})
    document = run_document(wait_for_end(run))
    assert document["status"] == "failed"
    assert document["error"]["code"] == "expression_failed"
    assert document["error"]["node_id"] == "out"


def test_a_fail_node_fails_the_run_with_its_own_code(live_conductor):
    fail = {"code": "no_stock", "message": "No {{ input.what }} left."}
    drawing = "in -> cond:true -> fail, cond:false -> out"
    run = make_run(drawing, configs={"fail": fail}, input={"what": "kettle"})
    error = run_document(wait_for_end(run))["error"]
    assert (error["code"], error["message"]) == ("no_stock", "No kettle left.")


def test_a_model_without_that_alias_fails_the_step(live_conductor):
    flow = make_flow()
    Alias.objects.all().delete()
    run = wait_for_end(make_run(flow=flow))
    assert run_document(run)["error"]["code"] == "model_alias_not_found"


def test_a_step_over_its_limit_fails_and_the_run_with_it(live_conductor, gate):
    run = gate.make_run(timeouts={"model": 0.2})
    error = run_document(wait_for_end(run))["error"]
    assert error["code"] in {"step_timed_out", "model_timed_out"}
    assert "0.2 s" in error["message"]


def test_a_model_that_crashes_its_process_fails_only_its_step(
    fake_package, live_conductor
):
    flow = make_flow(
        configs={"model": {"model": "bad", "input": {}}},
        runs="cpu",
        models={"bad": "fake-segfaults"},
    )
    run = wait_for_end(make_run(flow=flow))
    assert run_document(run)["error"]["code"] == "model_unavailable"


def test_a_long_call_shows_that_it_has_started(live_conductor, gate):
    run = gate.make_run()
    wait_until(lambda: statuses(run).get("model") == "running", "a running step")
    gate.open()
    assert statuses(wait_for_end(run))["model"] == "completed"


def test_cancelling_gives_up_a_call_under_way(live_conductor, gate):
    run = gate.make_run()
    wait_until(lambda: statuses(run).get("model") == "running", "a running step")
    request_cancel(run, actor="user:someone")
    wait_for_end(run)
    assert run.status == "cancelled"
    assert statuses(run)["model"] == "cancelled"
    last = Event.objects.filter(chain_id=run.pk).order_by("seq").last()
    assert b'"actor":"user:someone"' in bytes(last.body)


def test_the_ledger_of_many_runs_holds(live_conductor):
    flow = make_flow("in -> a -> join -> model -> out, in -> b -> join")
    for run in [make_run(flow=flow) for _ in range(20)]:
        wait_for_end(run)
    assert verify().flaws == []
