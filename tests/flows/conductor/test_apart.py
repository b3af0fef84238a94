"""Long maps whose body can wait: each item is a run of its own."""

import pytest

from flows.models import Inbox, Run, Wait
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.watching import output_of

pytestmark = pytest.mark.both_databases
MANY = 120


def make_long(count=MANY, **config):
    """A map whose body waits, and reads what stands around the map."""
    return make_run(
        "in -> ctx -> before -> map -> out, wait -> taxed",
        types={"ctx": "set_context"},
        parents={"wait": "map", "taxed": "map"},
        configs={
            "ctx": {"values": {"rate": "2"}},
            "before": {"values": {"base": "input.base"}},
            "map": {
                "items": "input.items",
                "concurrency": 25,
                "result": "steps.taxed.value + index",
                **config,
            },
            "wait": {"for_s": "item.for_s"},
            "taxed": {
                "values": {
                    "value": "item.n * context.rate + steps.before.base + input.base"
                }
            },
            "out": {"values": {"all": "steps.map.items", "bad": "steps.map.failed"}},
        },
        input={
            "base": 1000,
            "items": [{"n": n, "for_s": 0.01} for n in range(count)],
        },
    )


def test_rule_15_each_item_of_a_long_map_that_waits_is_a_run(live_conductor):
    run = wait_for_end(make_long())
    assert run.status == "completed", output_of(run)
    assert output_of(run)["all"] == [n * 2 + 2000 + n for n in range(MANY)]
    children = Run.objects.filter(parent=run)
    assert children.count() == MANY
    assert set(children.values_list("body", "status")) == {("map", "completed")}
    items = run.steps.filter(address__endswith="]")
    assert items.count() == MANY
    assert verify().flaws == []


def test_the_items_of_a_short_one_are_steps(live_conductor):
    run = wait_for_end(make_long(100))
    assert output_of(run)["all"][99] == 99 * 2 + 2000 + 99
    assert not Run.objects.filter(parent=run).exists()


@pytest.mark.parametrize("mode", ["skip", "keep", "stop"])
def test_an_item_that_fails_counts_as_its_map_says(live_conductor, mode):
    run = make_run(
        "in -> map -> out, wait -> a",
        parents={"wait": "map", "a": "map"},
        configs={
            "map": {
                "items": "input.items",
                "on_item_error": mode,
                "result": "steps.a.value",
            },
            "wait": {"for_s": "0.01"},
            "a": {"values": {"value": "100 / item"}},
            "out": {"values": {"all": "steps.map.items", "bad": "steps.map.failed"}},
        },
        input={"items": [1] * 3 + [0] + [1] * (MANY - 4)},
    )
    run = wait_for_end(run)
    given = output_of(run)
    if mode == "stop":
        assert (run.status, given["code"]) == ("failed", "expression_failed")
        wait_until(lambda: not Run.objects.filter(ended_at=None).exists(), "the end")
    else:
        assert run.status == "completed"
        assert [each["index"] for each in given["bad"]] == [3]
        assert len(given["all"]) == MANY - (mode == "skip")
    assert verify().flaws == []


def test_cancelling_the_run_cancels_the_runs_of_its_items(live_conductor):
    run = make_run(
        "in -> map -> out, wait",
        parents={"wait": "map"},
        configs={"map": {"items": "input.items"}, "wait": {"for_s": "3600"}},
        input={"items": list(range(MANY))},
    )
    waiting = Run.objects.filter(parent=run, status="waiting")
    wait_until(lambda: waiting.count() == 10, "ten items that wait")
    assert Run.objects.filter(parent=run).count() == 10
    Inbox.objects.create(run=run, kind="cancel", actor="user:x")
    assert wait_for_end(run).status == "cancelled"
    wait_until(lambda: not Run.objects.filter(ended_at=None).exists(), "their end")
    assert not Wait.objects.exists()
    assert verify().flaws == []


def test_one_item_can_be_given_up(live_conductor):
    run = make_run(
        "in -> map -> out, wait -> a",
        parents={"wait": "map", "a": "map"},
        configs={
            "map": {"items": "input.items", "result": "index", "concurrency": 1000},
            "wait": {"for_s": "item"},
            "out": {"values": {"all": "steps.map.items"}},
        },
        input={"items": [0.01] * 7 + [3600] + [0.01] * (MANY - 8)},
    )
    waiting = Run.objects.filter(parent=run, status="waiting", parent_address="map[7]")
    wait_until(waiting.exists, "the long one")
    Inbox.objects.create(run=run, kind="cancel_step", actor="user:x", address="map[7]")
    run = wait_for_end(run)
    assert run.status == "completed"
    assert output_of(run)["all"][6:9] == [6, None, 8]
    wait_until(lambda: not Run.objects.filter(ended_at=None).exists(), "its end")
