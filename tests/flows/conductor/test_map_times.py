"""When a map began and how long it took, also where another worker ends it."""

import pytest

from flows.models import Wait
from flows.services.signals import Event, signal_run
from flows.services.steering import request_cancel
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.watching import wait_for_status

pytestmark = pytest.mark.both_databases

ACTOR = "user:test"


@pytest.fixture
def run(live_conductor):
    """A run that waits in both items of its map."""
    run = make_run(
        "in -> map{wait} -> out",
        configs={
            "map": {"items": "[1, 2]"},
            "wait": {"events": [{"name": "go", "key": "''"}]},
        },
    )
    waits = Wait.objects.filter(run=run)
    wait_until(lambda: waits.count() == 2, "two items that wait")
    wait_for_status(run, "waiting")
    return run


def step_of_map(run):
    return run.steps.get(address="map")


def go_on(run):
    for _ in range(2):
        signal_run(run, Event(name="go"), actor=ACTOR)
    return wait_for_end(run)


def test_a_map_keeps_when_it_began(run):
    began = step_of_map(run).started_at
    assert go_on(run).status == "completed"
    ended = step_of_map(run)
    assert ended.started_at == began
    assert ended.duration_ms <= (ended.ended_at - began).total_seconds() * 1000 + 1


def test_a_map_that_another_worker_ends_keeps_it_too(run, live_conductor):
    began = step_of_map(run).started_at
    live_conductor.stop()
    live_conductor.start()
    assert go_on(run).status == "completed"
    assert step_of_map(run).started_at == began


def test_a_map_is_given_up_with_its_run(run):
    request_cancel(run, actor=ACTOR)
    assert wait_for_end(run).status == "cancelled"
    step = step_of_map(run)
    assert (step.status, step.started_at is None) == ("cancelled", False)
    assert verify().flaws == []
