"""The field of the builder for the queue of a node."""

from uuid import uuid4

import pytest
from django.utils import timezone

from flows.models import Worker
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow, make_queued_step, make_run
from tests.factories.graphs import document
from tests.factories.models import make_model_version
from tests.flows.views.test_flows_editor import inspect


def served_by_a_worker(queues):
    now = timezone.now()
    Worker.objects.create(
        id=uuid4(), name="w", queues=queues, started_at=now, beat_at=now
    )


def test_queues_that_are_known_are_offered(browser, workspace, flow):
    served_by_a_worker("cpu gpu")
    make_queued_step(make_run(flow=flow), "eu")
    make_model_version(workspace=workspace, runs="wait", queue="large")
    other = make_flow("in -> model -> out", workspace=make_workspace())
    make_queued_step(make_run(flow=other), "theirs")
    more = {"model": {"queue": "drawn"}}
    drawn = document("in -> model -> out", more=more)
    queue = inspect(browser, flow, drawn=drawn, node="model")[0].context["node"].queue
    assert queue.text == "drawn"
    assert queue.known == ["cpu", "drawn", "eu", "gpu", "large"]


def test_queue_comes_back_as_the_node_has_it(browser, flow):
    served_by_a_worker("gpu")
    answer, result = inspect(browser, flow, node="model", queue=" gpu ")
    assert result["queue"] == "gpu"
    assert not answer.context["node"].queue.note
    _, result = inspect(browser, flow, node="model", queue="")
    assert result["queue"] is None


@pytest.mark.parametrize(("served", "is_warned"), [("cpu", True), ("*", False)])
def test_queue_that_nobody_serves_is_said(browser, flow, served, is_warned):
    served_by_a_worker(served)
    answer, result = inspect(browser, flow, node="model", queue="gpu")
    assert bool(answer.context["node"].queue.note) is is_warned
    assert result["queue"] == "gpu"


@pytest.mark.parametrize("name", ["GPU", "two words", "runs", "q" * 41])
def test_queue_that_cannot_be_is_said_and_gives_no_result(browser, flow, name):
    answer, result = inspect(browser, flow, node="model", queue=name)
    assert result is None
    assert answer.context["node"].queue.error


def test_queue_of_what_the_run_does_itself_can_only_be_removed(browser, flow):
    assert inspect(browser, flow, node="cond")[0].context["node"].queue is None
    drawn = document("in -> cond", more={"cond": {"queue": "gpu"}})
    answer, result = inspect(browser, flow, drawn=drawn, node="cond", queue="gpu")
    assert result is None
    assert answer.context["node"].queue.error
    _, result = inspect(browser, flow, drawn=drawn, node="cond", queue="")
    assert result["queue"] is None
