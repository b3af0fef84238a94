"""Child runs of a flow that allows only so many at once."""

import pytest

from flows.models import Flow, Inbox, Run, Slot
from flows.services.signals import Event, signal_run
from flows.services.steering import request_cancel
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.holding import Holder
from tests.flows.conductor.test_retrying import store
from tests.flows.conductor.watching import output_of

__all__ = ["store"]
pytestmark = pytest.mark.both_databases
ACTOR = "user:someone"
GO = {"events": [{"name": "go", "key": "''"}]}


def limited(**concurrency: object) -> Flow:
    """A flow that waits for an event, of which one run goes on at once."""
    return make_flow(
        "in -> wait -> out",
        configs={"wait": GO, "out": {"values": {"who": "input.who"}}},
        settings={"concurrency": {"limit": 1, **concurrency}},
    )


def caller_of(flow: Flow) -> Flow:
    config = {"flow": flow.slug, "version": 1, "input": {"who": "input.who"}}
    return make_flow(
        "in -> sub -> out",
        workspace=flow.workspace,
        types={"sub": "subflow"},
        configs={"sub": config, "out": {"values": {"who": "steps.sub.who"}}},
    )


def child_of(parent: Run, **state: object) -> Run:
    """The run that a parent has started, once it stands so."""
    children = Run.objects.filter(parent=parent, owner_id=None, **state)
    wait_until(children.exists, f"a child with {state}")
    return children.get()


def test_child_over_the_limit_of_its_flow_waits_and_its_parent_with_it(live_conductor):
    caller = caller_of(limited())
    first, second = (make_run(flow=caller, input={"who": n}) for n in (1, 2))
    children = Run.objects.filter(parent__flow=caller)
    wait_until(lambda: children.count() == 2, "both children")
    at_work = children.filter(status="waiting", blocked=False)
    wait_until(at_work.exists, "a child at work")
    assert children.get(blocked=True).started_at is None
    for _ in range(2):
        wait_until(at_work.exists, "a child at work")
        child = at_work.get()
        signal_run(child, Event(name="go"), actor=ACTOR)
        wait_for_end(child)
    assert [output_of(wait_for_end(run)) for run in (first, second)] == [
        {"who": 1},
        {"who": 2},
    ]
    assert not Slot.objects.exists()
    assert verify().flaws == []


def test_child_of_a_flow_that_replaces_ends_the_older_one(live_conductor):
    caller = caller_of(limited(when_full="replace"))
    older = make_run(flow=caller, input={"who": 1})
    child_of(older, status="waiting")
    newer = make_run(flow=caller, input={"who": 2})
    assert output_of(wait_for_end(older))["code"] == "run_cancelled"
    signal_run(child_of(newer, status="waiting"), Event(name="go"), actor=ACTOR)
    assert output_of(wait_for_end(newer)) == {"who": 2}
    replaced, kept = (Run.objects.get(parent=run) for run in (older, newer))
    assert replaced.status == "cancelled"
    assert kept.started_at >= replaced.ended_at
    assert verify().flaws == []


def test_flow_that_refuses_fails_the_step_over_its_limit(live_conductor):
    flow = limited(when_full="refuse")
    holder = make_run(flow=flow, input={"who": 1})
    refused = wait_for_end(make_run(flow=caller_of(flow), input={"who": 2}))
    error = output_of(refused)
    assert error["code"] == "subflow_concurrency_limit_reached"
    assert error["node_id"] == "sub"
    assert not Run.objects.filter(parent=refused).exists()
    request_cancel(holder, actor=ACTOR)
    wait_for_end(holder)
    let_in = make_run(flow=caller_of(flow), input={"who": 3})
    signal_run(child_of(let_in, status="waiting"), Event(name="go"), actor=ACTOR)
    assert output_of(wait_for_end(let_in)) == {"who": 3}


def test_key_that_has_no_value_fails_the_step(live_conductor):
    flow = limited(key="input.customer")
    run = wait_for_end(make_run(flow=caller_of(flow), input={"who": 1}))
    assert output_of(run)["code"] == "subflow_concurrency_key_failed"


@pytest.mark.parametrize("when_full", ["queue", "replace", "refuse"])
def test_rule_18_child_of_its_own_flow_has_the_slot_of_its_line(
    live_conductor, when_full
):
    flow = make_flow(
        "in -> cond:true -> sub -> out, cond:false -> out2",
        types={"sub": "subflow"},
        configs={
            "cond": {"when": "input.left > 0"},
            "sub": {"flow": "again", "version": 1, "input": {"left": "input.left - 1"}},
        },
        settings={"concurrency": {"limit": 1, "when_full": when_full}},
    )
    Flow.objects.filter(pk=flow.pk).update(slug="again")
    assert wait_for_end(make_run(flow=flow, input={"left": 2})).status == "completed"
    assert Run.objects.filter(flow=flow, status="completed").count() == 3


def test_rule_51_dead_worker_neither_leaks_nor_frees_the_slot_of_a_child(
    live_conductor, store
):
    caller = caller_of(limited())
    first = make_run(flow=caller, input={"who": 1})
    child = child_of(first, status="waiting", blocked=False)
    second = make_run(flow=caller, input={"who": 2})
    behind = child_of(second, blocked=True)
    live_conductor.stop()
    holder = Holder(store)
    Inbox.objects.create(run=child, kind="pause", actor=ACTOR)
    assert [row.id for row in store.claim_addressed(holder.id, 10)] == [child.pk]
    store.bury(holder.id)
    assert store.admit_blocked() == 0
    assert Slot.objects.get().run_id == child.pk
    live_conductor.start()
    request_cancel(Run.objects.get(pk=child.pk), actor=ACTOR)
    wait_for_end(first)
    signal_run(child_of(second, status="waiting"), Event(name="go"), actor=ACTOR)
    assert wait_for_end(second).status == "completed"
    assert wait_for_end(behind).status == "completed"
    assert verify().flaws == []
