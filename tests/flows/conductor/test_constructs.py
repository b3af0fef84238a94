"""Every construct of control flow, run by a real conductor."""

import pytest
from django.utils import timezone

from flows.models import Inbox, Run, Step, Wait
from orchestrator_site.ledger.api import verify
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.watching import (
    finished,
    output_of,
    steps_of,
    wait_for_status,
)

pytestmark = pytest.mark.both_databases


def post(run, kind, address="", body=b"{}"):
    Inbox.objects.create(run=run, kind=kind, actor="user:x", address=address, body=body)


def test_a_loop_runs_until_its_condition_holds(live_conductor):
    run = finished(
        "in -> draft -> cond:true -> out, cond:false ~> draft",
        configs={
            "draft": {"values": {"n": "round", "before": "rounds.map(r, r.draft.n)"}},
            "cond": {"when": "steps.draft.n >= 3"},
            "out": {"values": {"n": "steps.draft.n", "before": "steps.draft.before"}},
        },
    )
    assert run.status == "completed", output_of(run)
    assert output_of(run) == {"n": 3, "before": [1, 2]}
    assert "draft:3/cond" in steps_of(run)


def test_a_loop_that_uses_up_its_rounds_goes_on_by_exhausted(live_conductor):
    run = finished(
        "in -> draft -> cond:true -> out, cond:false ~> draft, cond:exhausted -> out2",
        rounds=2,
        configs={
            "cond": {"when": "false"},
            "out2": {"values": {"n": "steps.draft.n"}},
            "draft": {"values": {"n": "round"}},
        },
    )
    assert output_of(run) == {"n": 2}


def test_a_loop_without_a_way_out_fails_by_name(live_conductor):
    run = finished(
        "in -> draft -> cond:true -> out, cond:false ~> draft",
        rounds=2,
        configs={"cond": {"when": "false"}},
    )
    assert output_of(run)["code"] == "loop_exhausted"


def test_a_map_keeps_the_order_of_its_items(live_conductor):
    run = finished(
        "in -> map -> out, price -> taxed",
        parents={"price": "map", "taxed": "map"},
        configs={
            "map": {
                "items": "input.items",
                "concurrency": 2,
                "result": "steps.taxed.value + index",
            },
            "price": {"values": {"value": "item * 10"}},
            "taxed": {"values": {"value": "steps.price.value + 1"}},
            "out": {"values": {"all": "steps.map.items"}},
        },
        input={"items": [1, 2, 3, 4, 5]},
    )
    assert output_of(run) == {"all": [11, 22, 33, 44, 55]}
    assert steps_of(run)["map[4]/taxed"] == "completed"


def test_a_long_map_takes_turns_with_other_runs(live_conductor):
    live_conductor.stop()
    long = make_run(
        "in -> map -> out, a",
        parents={"a": "map"},
        configs={
            "map": {"items": "input.items", "result": "steps.a.value"},
            "a": {"values": {"value": "item"}},
            "out": {"values": {"all": "steps.map.items"}},
        },
        input={"items": list(range(2000))},
    )
    short = make_run("in -> a -> out")
    live_conductor.start()
    short, long = wait_for_end(short), wait_for_end(long)
    assert output_of(long) == {"all": list(range(2000))}
    assert short.ended_at < long.ended_at
    assert long.seq > 2000
    assert verify().flaws == []


def test_a_map_over_nothing_completes(live_conductor):
    run = finished(
        "in -> map -> out, a",
        parents={"a": "map"},
        configs={"out": {"values": {"all": "steps.map.items"}}},
        input={"items": []},
    )
    assert output_of(run) == {"all": []}


@pytest.mark.parametrize(
    ("mode", "items"), [("skip", [10, 5]), ("keep", [10, None, 5])]
)
def test_a_failing_item_is_told_and_the_others_go_on(live_conductor, mode, items):
    run = finished(
        "in -> map -> out, a",
        parents={"a": "map"},
        configs={
            "map": {
                "items": "input.items",
                "on_item_error": mode,
                "result": "steps.a.value",
            },
            "a": {"values": {"value": "10 / item"}},
            "out": {"values": {"all": "steps.map.items", "bad": "steps.map.failed"}},
        },
        input={"items": [1, 0, 2]},
    )
    assert output_of(run)["all"] == items
    assert [each["index"] for each in output_of(run)["bad"]] == [1]


def test_a_failing_item_stops_its_map_and_run(live_conductor):
    run = finished(
        "in -> map -> out, a",
        parents={"a": "map"},
        configs={"a": {"values": {"value": "10 / item"}}},
        input={"items": [1, 0]},
    )
    assert run.status == "failed"
    assert output_of(run)["code"] == "expression_failed"
    assert "Item 1" in output_of(run)["message"]


def test_a_short_wait_parks_the_run_and_goes_on(live_conductor):
    run = finished("in -> wait -> out", configs={"wait": {"for_s": "0.2"}})
    assert run.status == "completed"
    assert not Wait.objects.exists()


def test_a_step_is_tried_again_until_it_works(live_conductor):
    run = finished(
        "in -> a -> out",
        more={
            "a": {
                "retry": {"attempts": 3, "backoff_s": 0.1, "on": ["expression_failed"]}
            }
        },
        configs={"a": {"values": {"x": "1 / 0"}}},
    )
    attempts = Step.objects.filter(run=run, address="a").order_by("attempt")
    assert [step.status for step in attempts] == ["failed"] * 3
    assert output_of(run)["code"] == "expression_failed"


def test_an_error_can_take_its_port(live_conductor):
    run = finished(
        "in -> a -> out, a:error -> out2",
        more={"a": {"on_error": {"action": "port"}}},
        configs={
            "a": {"values": {"x": "1 / 0"}},
            "out2": {"values": {"code": "steps.a.code"}},
        },
    )
    assert output_of(run) == {"code": "expression_failed"}


def test_an_error_whose_port_leads_nowhere_fails_the_run(live_conductor):
    run = finished(
        "in -> a -> out, in -> b",
        more={"a": {"on_error": {"action": "port"}}},
        configs={"a": {"values": {"x": "1 / 0"}}},
    )
    assert run.status == "failed"
    assert output_of(run)["code"] == "expression_failed"


def test_a_default_can_stand_in_for_an_error(live_conductor):
    run = finished(
        "in -> a -> out",
        more={"a": {"on_error": {"action": "default", "output": {"x": 7}}}},
        configs={
            "a": {"values": {"x": "1 / 0"}},
            "out": {"values": {"x": "steps.a.x"}},
        },
    )
    assert output_of(run) == {"x": 7}


def test_an_any_join_cancels_the_wait_it_no_longer_needs(live_conductor):
    run = finished(
        "in -> a -> join -> out, in -> wait -> join",
        configs={"join": {"mode": "any"}, "wait": {"for_s": "3600"}},
    )
    assert run.status == "completed"
    assert steps_of(run)["wait"] == "cancelled"
    assert not Wait.objects.exists()


def test_what_comes_at_once_for_two_branches_of_an_any_join_ends_one(live_conductor):
    run = make_run(
        "in -> wait -> join -> out, in -> wait2 -> join",
        configs={
            "join": {"mode": "any"},
            "wait": {"for_s": "3600"},
            "wait2": {"for_s": "3600"},
        },
    )
    wait_for_status(run, "waiting")
    Wait.objects.filter(run=run).update(due_at=timezone.now())
    assert wait_for_end(run).status == "completed"
    waits = [steps_of(run)[each] for each in ("wait", "wait2")]
    assert sorted(waits) == ["cancelled", "completed"]
    assert verify().flaws == []


def test_a_subflow_runs_as_a_run_of_its_own(live_conductor):
    workspace = make_workspace()
    inner = make_flow(
        "in -> out",
        workspace=workspace,
        configs={"out": {"values": {"double": "input.n * 2"}}},
    )
    flow = make_flow(
        "in -> sub -> out",
        workspace=workspace,
        types={"sub": "subflow"},
        configs={
            "sub": {"flow": inner.slug, "version": 1, "input": {"n": "input.n"}},
            "out": {"values": {"n": "steps.sub.double"}},
        },
    )
    run = wait_for_end(make_run(flow=flow, input={"n": 21}))
    assert output_of(run) == {"n": 42}
    child = Run.objects.get(parent=run)
    assert (child.parent_address, child.depth, child.status) == ("sub", 1, "completed")
    assert verify().flaws == []


def test_a_flow_that_calls_itself_is_stopped(live_conductor):
    workspace = make_workspace()
    flow = make_flow(
        "in -> sub -> out",
        workspace=workspace,
        types={"sub": "subflow"},
        configs={"sub": {"flow": "flow-self", "version": 1, "input": {}}},
    )
    flow.slug = "flow-self"
    flow.save()
    run = wait_for_end(make_run(flow=flow))
    assert "deep" in output_of(run)["message"]
    assert Run.objects.filter(status="failed").count() == 11


def test_a_paused_run_goes_on_when_it_is_resumed(live_conductor):
    run = make_run("in -> wait -> a -> out", configs={"wait": {"for_s": "3600"}})
    wait_for_status(run, "waiting")
    post(run, "pause")
    wait_for_status(run, "paused")
    Wait.objects.filter(run=run).update(due_at=timezone.now())
    wait_until(Inbox.objects.filter(kind="timer").exists, "the timer")
    assert Run.objects.get(pk=run.pk).status == "paused"
    post(run, "resume")
    assert wait_for_end(run).status == "completed"
    assert verify().flaws == []


def test_a_person_can_cancel_one_step(live_conductor):
    run = make_run(
        "in -> wait -> a -> join -> out, in -> b -> join",
        configs={"wait": {"for_s": "3600"}},
    )
    wait_for_status(run, "waiting")
    post(run, "cancel_step", "wait")
    assert wait_for_end(run).status == "completed"
    assert steps_of(run)["wait"] == "cancelled"
    assert steps_of(run)["a"] == "skipped"


def test_the_wait_of_a_step_that_was_given_up_goes_with_it(live_conductor):
    run = make_run(
        "in -> wait -> a, in -> wait2 -> out",
        configs={"wait": {"for_s": "3600"}, "wait2": {"for_s": "3600"}},
    )
    wait_for_status(run, "waiting")
    post(run, "cancel_step", "wait")
    given_up = run.steps.filter(address="wait", status="cancelled")
    wait_until(given_up.exists, "the step is given up")
    wait_for_status(run, "waiting")
    assert list(Wait.objects.values_list("address", flat=True)) == ["wait2"]


def test_an_event_reaches_the_step_that_waits_for_it(live_conductor):
    workspace = make_workspace()
    waiting = make_run(
        flow=make_flow(
            "in -> wait:paid -> out, wait:timeout -> out2",
            workspace=workspace,
            configs={
                "wait": {
                    "for_s": "3600",
                    "events": [{"name": "paid", "key": "input.order", "port": "paid"}],
                },
                "out": {"values": {"sum": "steps.wait.sum"}},
            },
        ),
        input={"order": "o-1"},
    )
    wait_for_status(waiting, "waiting")
    make_run(
        flow=make_flow(
            "in -> emit -> out",
            workspace=workspace,
            types={"emit": "emit_event"},
            configs={
                "emit": {"name": "paid", "key": "'o-1'", "data": {"sum": "12"}},
            },
        )
    )
    run = wait_for_end(waiting)
    assert output_of(run) == {"sum": 12}
    assert verify().flaws == []


def test_context_is_seen_downstream(live_conductor):
    run = finished(
        "in -> ctx -> a -> out",
        types={"ctx": "set_context"},
        configs={
            "ctx": {"values": {"customer": "'Ada'"}},
            "out": {"values": {"who": "context.customer"}},
        },
    )
    assert output_of(run) == {"who": "Ada"}
