"""What a run records of a model that others stand in for, and of one with limits."""

import json

import pytest

from flows.models import Step
from model_registry.api import Limits, set_limits
from orchestrator_site.ledger.api import Event
from tests.factories.flows import make_flow, make_run
from tests.flows.conductor.conftest import CALL
from tests.flows.conductor.watching import finished, output_of

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fake_package")]
WHAT = {"what": "other"}
MISSED = {"model": "broken", "version": 1, "code": "model_unavailable"}


def make_chain(*others: str, **node):
    """A flow that calls a model that breaks, and the models that may stand in for it."""
    flow = make_flow(
        "in -> model -> out",
        runs="wait",
        models={"broken": "fake-raises", "worse": "fake-list", "echo": "echo"},
        configs={"model": {"model": "broken", "input": {"what": "input.what"}}},
        more={"model": node},
    )
    limits = Limits(timeout_s=20, retries=0, fallback=others)
    set_limits(flow.workspace, "broken", limits, actor="user:1")
    return flow


def event_of(run, kind):
    """The data of the event of the step that calls the model."""
    events = Event.objects.filter(chain_id=run.pk, kind=kind)
    told = [json.loads(bytes(event.body))["data"] for event in events]
    (data,) = [data for data in told if data["address"] == "model"]
    return data


@pytest.mark.parametrize("node", [{}, {"queue": "gpu"}])
def test_step_records_who_answered_and_who_did_not(live_conductor, node):
    run = finished(flow=make_chain("echo", **node), input=WHAT)
    assert run.status == "completed"
    step = Step.objects.get(run=run, address="model")
    assert (step.model, step.model_version) == ("echo", 1)
    data = event_of(run, "step.completed")
    assert (data["model"], data["missed"]) == ("echo", [MISSED])


def test_failed_step_records_all_who_were_asked(live_conductor):
    run = finished(flow=make_chain("worse"), input=WHAT)
    assert output_of(run)["code"] == "model_unavailable"
    data = event_of(run, "step.failed")
    worse = {"model": "worse", "version": 1, "code": "model_answer_invalid"}
    assert (data["model"], data["missed"]) == ("broken", [MISSED, worse])


def test_model_in_the_loop_that_has_limits_holds_nobody_up(live_conductor, gate):
    flow = make_flow(models={"gate": "fake-gate"}, configs={"model": CALL})
    limits = Limits(max_concurrency=1)
    set_limits(flow.workspace, "gate", limits, actor="user:1")
    make_run(flow=flow, input=gate.input)
    gate.wait_for_calls(1)
    assert finished().status == "completed"
