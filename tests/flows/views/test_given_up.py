"""Steps that a join no longer needs, on the page of their run and as JSON."""

import pytest
from django.urls import reverse

from flows.models import Run
from flows.selectors import run_document
from flows.services.signals import Event, signal_run
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_until
from tests.flows.conductor.conftest import CALL, fake_package, gate, service
from tests.flows.conductor.watching import steps_of, wait_for_status

__all__ = ["fake_package", "gate", "service"]

ACTOR = "user:test"
DRAWING = (
    "in -> once -> join -> wait_more -> out, in -> model -> join, in -> wait -> join"
)


@pytest.fixture
def start(live_conductor, workspace, service, gate):
    """Start a run that has called a model and a service when its join is met."""

    def start_run(behaviour: str) -> Run:
        event = {"events": [{"name": "go", "key": "''"}]}
        flow = make_flow(
            DRAWING,
            workspace=workspace,
            runs="wait",
            models={"gate": "fake-gate"},
            types={"once": "http_request"},
            configs={
                "once": {"method": "POST", "url": service.url(behaviour)},
                "model": CALL,
                "join": {"mode": "any"},
                "wait": event,
                "wait_more": {"for_s": "3600"},
            },
        )
        run = make_run(flow=flow, input=gate.input)
        gate.wait_for_calls(1)
        wait_until(lambda: service.asked, "the request")
        signal_run(run, Event(name="go"), actor=ACTOR)
        behind = run.steps.filter(address="wait_more", status="waiting")
        wait_until(behind.exists, "the step behind the join")
        return run

    return start_run


@pytest.fixture
def drawer(browser):
    """The page of a run with its detached step open, and what it shows of that."""

    def read(run):
        response = browser.get(reverse("flows:run", args=[run.pk]), {"step": "once"})
        return response.context["page"], response.content.decode()

    return read


def ended_late(run):
    wait_until(run.steps.filter(address="once", result__isnull=False).exists, "its end")
    wait_for_status(run, "waiting")
    assert verify().flaws == []
    [found] = [s for s in run_document(run)["steps"] if s["address"] == "once"]
    assert (found["status"], found["port"]) == ("detached", None)
    return found


def test_what_may_have_happened_is_detached_and_what_may_be_stopped_is_cancelled(
    start, drawer
):
    run = start("answers-later")
    steps = steps_of(run)
    assert (steps["once"], steps["model"]) == ("detached", "cancelled")
    page, html = drawer(run)
    assert page.detail.status == "detached"
    states = {node.id: node.state.status for node in page.drawing.nodes}
    assert (states["once"], states["model"]) == ("detached", "cancelled")
    assert "Nothing needs this step any more" in html
    assert not page.detail.is_open


def test_what_a_detached_step_gave_in_the_end_is_shown(start, drawer, service):
    run = start("answers-later")
    service.released.set()
    found = ended_late(run)
    assert found["output"]["body"] == {"number": 1}
    assert found["error"] is None
    page, html = drawer(run)
    assert "number" in page.detail.output.html
    assert "Nothing needs this step any more" in html
    [node] = [node for node in page.drawing.nodes if node.id == "once"]
    assert node.state.ports == frozenset()  # nothing goes on behind it


def test_failure_of_a_detached_step_is_shown_as_one(start, drawer, service):
    run = start("hangs")
    service.released.set()
    found = ended_late(run)
    assert (found["output"], found["error"]["code"]) == (None, "egress_broken_off")
    page, html = drawer(run)
    assert (page.detail.output, page.detail.error["code"]) == (
        None,
        "egress_broken_off",
    )
    assert "Nothing needs this step any more" in html
