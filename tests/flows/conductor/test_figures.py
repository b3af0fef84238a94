"""What is counted of the calls of a flow, and under which tag."""

import pytest

from flows.models import Step
from flows.services.drafts import create_flow
from flows.services.publishing import publish
from flows.services.runs import RunRequest, start_run
from model_registry.guarding import calls as calls_module
from model_registry.guarding.tally import Tally, flush
from model_registry.models import ModelFigures
from tests.factories.accounts import make_workspace
from tests.factories.flows import ACTOR, make_flow
from tests.factories.graphs import document
from tests.factories.models import make_model_version
from tests.flows.conductor.watching import finished

pytestmark = pytest.mark.both_databases
PRICE = {"valid_from": "2026-01-01", "usd_micros_per_call": 40}


@pytest.fixture
def tally(monkeypatch):
    tally = Tally()
    monkeypatch.setattr(calls_module, "TALLY", tally)
    return tally


def tags(tally, workspace):
    """The tags under which calls of the workspace's models were counted."""
    flush(tally)
    rows = ModelFigures.objects.filter(version__model__workspace=workspace)
    return set(rows.values_list("tag", flat=True))


@pytest.mark.parametrize("node", [{}, {"queue": "gpu"}])
def test_calls_are_counted_by_flow_unless_the_node_has_a_tag(
    live_conductor, tally, node
):
    flow = make_flow(
        "in -> model, model -> second, second -> out",
        configs={"second": {"model": "echo", "input": {}, "tag": "refunds"}},
        types={"second": "model"},
        more={"model": node, "second": node},
    )
    assert finished(flow=flow).status == "completed"
    assert tags(tally, flow.workspace) == {flow.slug, "refunds"}


def test_express_run_is_counted_likewise(db, tally):
    flow = make_flow(settings={"durability": "express"})
    start_run(RunRequest(flow=flow, input={}, actor=ACTOR, idempotency_key="1"))
    assert tags(tally, flow.workspace) == {flow.slug}


def test_step_costs_what_was_paid_for_an_answer_that_is_none(live_conductor):
    workspace = make_workspace()
    make_model_version(
        workspace=workspace,
        model="picky",
        output_schema={"type": "object", "required": ["answer"]},
        prices=[PRICE],
    )
    configs = {"model": {"model": "picky", "input": {}}}
    made = document("in -> model -> out", configs=configs)
    flow = create_flow(workspace, slug="shop", document=made, actor=ACTOR)
    publish(flow, actor=ACTOR)
    run = finished(flow=flow)
    assert (run.status, run.cost_usd_micros) == ("failed", 40)
    step = Step.objects.get(run=run, address="model")
    assert (step.status, step.cost_usd_micros) == ("failed", 40)
