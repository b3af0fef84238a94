"""People give up an item or a round; whoever takes the run over goes on from there."""

import pytest

from flows.models import Wait
from flows.services.signals import Event, signal_run
from flows.services.steering import request_cancel_step
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.watching import output_of, steps_of, wait_for_status

pytestmark = pytest.mark.both_databases

ACTOR = "user:test"


def wait_for_waits(run, *addresses):
    waits = Wait.objects.filter(run=run).order_by("address")
    wait_until(
        lambda: tuple(waits.values_list("address", flat=True)) == addresses,
        f"waits at {addresses}",
    )


def let_another_take_over(live_conductor, run):
    wait_for_status(run, "waiting")
    live_conductor.stop()
    live_conductor.start()


def test_an_item_is_given_up_and_the_others_go_on(live_conductor):
    run = make_run(
        "in -> map{wait -> a} -> out",
        configs={
            "map": {
                "items": "input.items",
                "concurrency": 2,
                "result": "has(steps.a) ? steps.a.n : 0",
            },
            "wait": {"events": [{"name": "go", "key": "string(item)"}]},
            "a": {"values": {"n": "item * 10"}},
            "out": {"values": {"all": "steps.map.items"}},
        },
        input={"items": [1, 2, 3]},
    )
    wait_for_waits(run, "map[0]/wait", "map[1]/wait")
    request_cancel_step(run, "map[0]", actor=ACTOR)
    wait_for_waits(run, "map[1]/wait", "map[2]/wait")
    let_another_take_over(live_conductor, run)
    for key in ("2", "3"):
        signal_run(run, Event(name="go", key=key), actor=ACTOR)
    assert output_of(wait_for_end(run)) == {"all": [0, 20, 30]}
    assert steps_of(run)["map[0]/a"] == "skipped"
    assert verify().flaws == []


def test_a_round_is_given_up_with_all_that_would_begin_in_it(live_conductor):
    run = make_run(
        "in -> draft -> wait -> join -> cond:true -> out, draft -> b -> join,"
        "cond:false ~> draft, in -> wait_more -> out2",
        configs={
            "wait": {"events": [{"name": "go", "key": "''"}]},
            "wait_more": {"events": [{"name": "more", "key": "''"}]},
        },
        types={"out2": "transform"},
    )
    wait_for_waits(run, "draft:1/wait", "wait_more")
    request_cancel_step(run, "draft:1", actor=ACTOR)
    wait_for_waits(run, "wait_more")
    let_another_take_over(live_conductor, run)
    signal_run(run, Event(name="more"), actor=ACTOR)
    assert wait_for_end(run).status == "completed"
    steps = steps_of(run)
    assert steps["draft:1/wait"] == steps["draft:1/join"] == "cancelled"
    assert steps["draft:1/cond"] == steps["out"] == "skipped"
    assert verify().flaws == []
