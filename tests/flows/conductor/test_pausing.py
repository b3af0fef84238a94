"""Runs that somebody has paused, and a worker that dies meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flows.conductor.advancing import advance
from flows.conductor.arriving import take_delivery
from flows.conductor.children import Order, child_run_id, prepare_child
from flows.conductor.ending import finish_step
from flows.conductor.held import Flight, Outcome
from flows.conductor.mail import take_mail
from flows.models import Inbox, Run, Wait
from flows.services.signals import Event, send_signal
from flows.services.steering import request_cancel, request_pause, request_resume
from orchestrator_site.ledger.api import Event as LedgerEvent
from orchestrator_site.ledger.api import verify
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.test_retrying import Life, store
from tests.flows.conductor.watching import wait_for_status

__all__ = ["store"]
pytestmark = pytest.mark.both_databases
ACTOR = "user:someone"
GO = {"events": [{"name": "go", "key": "''"}]}


def ask(run, life, kind):
    Inbox.objects.create(run=run, kind=kind, actor="user:x")
    (mail,) = life.store.inbox(life.id)
    take_mail(life.run, mail)
    life.commit()


def test_a_pause_survives_the_worker_that_waits_for_a_call(store):
    run = make_run("in -> model -> a -> out", runs="wait")
    first = Life(store)
    first.commit()
    first.run.flights["model"] = Flight(60)
    ask(run, first, "pause")
    assert Run.objects.get(pk=run.pk).status == "running"
    first.die()
    second = Life(store)
    advance(second.run)
    assert second.run.calls == []
    assert second.run.is_idle
    ask(run, second, "resume")
    assert [address for address, _ in second.run.calls] == ["model"]
    finish_step(second.run, "model", Outcome(output={}, port="out"))
    second.commit()
    ended = Run.objects.get(pk=run.pk)
    assert (ended.status, ended.paused_at) == ("completed", None)
    assert verify().flaws == []


def make_family():
    """A run that waits for a subflow, which waits for another, which awaits an event."""
    workspace = make_workspace()
    innermost = make_flow(
        "in -> wait -> out",
        workspace=workspace,
        configs={"wait": GO},
        settings={"deadline_s": 3600},
    )
    callers = [calling(innermost)]
    callers.append(calling(callers[0]))
    run = make_run(flow=callers[1])
    line = [run]
    for _ in range(2):
        children = Run.objects.filter(parent=line[-1], status="waiting")
        wait_until(children.exists, "a child run that waits")
        line.append(children.get())
    wait_for_status(run, "waiting")
    return line


def calling(flow):
    config = {"flow": flow.slug, "version": 1, "input": {}}
    return make_flow(
        "in -> sub -> out",
        workspace=flow.workspace,
        types={"sub": "subflow"},
        configs={"sub": config},
    )


def let_go_on(run):
    send_signal(run.workspace, Event(name="go"), actor=ACTOR)


def test_what_a_run_has_started_is_paused_and_goes_on_with_it(live_conductor):
    line = make_family()
    request_pause(line[0], actor=ACTOR)
    for run in line:
        wait_for_status(run, "paused")
    let_go_on(line[0])
    line[0].refresh_from_db()
    told = LedgerEvent.objects.filter(kind="run.paused", chain_id=line[2].pk).get()
    assert ACTOR.encode() in bytes(told.body)
    request_resume(line[0], actor=ACTOR)
    for run in line:
        assert wait_for_end(run).status == "completed"
    assert set(Run.objects.values_list("paused_by", flat=True)) == {""}
    assert not Inbox.objects.exists()
    assert verify().flaws == []


def test_a_run_that_a_person_has_paused_stays_so_when_its_parent_goes_on(
    live_conductor,
):
    parent, child, grandchild = make_family()
    request_pause(child, actor=ACTOR)
    wait_for_status(grandchild, "paused")
    request_pause(parent, actor=ACTOR)
    wait_for_status(parent, "paused")
    parent.refresh_from_db()
    request_resume(parent, actor=ACTOR)
    wait_for_status(parent, "waiting")
    wait_until(
        lambda: not Inbox.objects.filter(run=child).exists(), "what the parent has sent"
    )
    wait_for_status(child, "paused")
    assert held_by(child, grandchild) == ["person", "parent"]
    child.refresh_from_db()
    request_resume(child, actor=ACTOR)
    wait_for_status(grandchild, "waiting")
    let_go_on(parent)
    assert wait_for_end(parent).status == "completed"
    assert verify().flaws == []


def held_by(*runs):
    return [Run.objects.get(pk=run.pk).paused_by for run in runs]


def test_what_is_paused_with_its_parent_can_be_resumed_alone_and_cancelled(
    live_conductor,
):
    parent, child, grandchild = make_family()
    request_pause(parent, actor=ACTOR)
    wait_for_status(grandchild, "paused")
    grandchild.refresh_from_db()
    request_resume(grandchild, actor=ACTOR)
    wait_for_status(grandchild, "waiting")
    assert held_by(parent, child, grandchild) == ["person", "parent", ""]
    request_cancel(parent, actor=ACTOR)
    for run in (parent, child, grandchild):
        assert wait_for_end(run).status == "cancelled"
    assert verify().flaws == []


def test_the_deadline_of_a_paused_child_does_not_come_closer(live_conductor):
    parent, _, grandchild = make_family()
    deadline = Wait.objects.filter(run=grandchild, kind="deadline")
    before = deadline.get().due_at
    request_pause(parent, actor=ACTOR)
    wait_for_status(grandchild, "paused")
    since = timezone.now() - timedelta(hours=2)
    Run.objects.filter(pk=grandchild.pk).update(paused_at=since)
    parent.refresh_from_db()
    request_resume(parent, actor=ACTOR)
    wait_for_status(grandchild, "waiting")
    # Two hours by the conductor's clock, which may be behind ours.
    assert deadline.get().due_at - before > timedelta(minutes=119)


def test_each_item_that_is_a_run_of_its_own_is_paused_with_its_map(live_conductor):
    run = make_run(
        "in -> map{wait} -> out",
        configs={"map": {"items": "input.items", "concurrency": 5}, "wait": GO},
        input={"items": [0] * 101},
    )
    children = Run.objects.filter(parent=run)
    waiting = children.filter(status="waiting", owner_id=None)
    wait_until(lambda: waiting.count() == 5, "five items that wait")
    request_pause(run, actor=ACTOR)
    paused = children.filter(status="paused", paused_by="parent", owner_id=None)
    wait_until(lambda: paused.count() == 5, "five items that are paused")
    wait_for_status(run, "paused")
    run.refresh_from_db()
    request_resume(run, actor=ACTOR)
    wait_until(lambda: waiting.count() == 5, "five items that wait again")
    assert verify().flaws == []


def order_of_child(run):
    (address, asked) = run.calls.pop()
    run.flights[address] = Flight(60)
    child_id = child_run_id(run, address)
    data_class = run.flow.use.data_class
    return Order(run.id, run.epoch, address, child_id, asked, data_class)


@pytest.fixture
def parent(store):
    """A worker's hold on a run that is about to start a child."""
    flow = calling(make_flow("in -> wait -> out", configs={"wait": GO}))
    run = make_run(flow=flow)
    life = Life(store)
    advance(life.run)
    life.commit()
    return run, life


def test_a_child_that_is_born_with_the_pause_of_its_parent_is_told(parent):
    run, life = parent
    take_delivery(life.run, prepare_child(order_of_child(life.run)))
    ask(run, life, "pause")
    child = Run.objects.get(parent=run)
    assert list(Inbox.objects.values_list("run_id", "kind")) == [(child.pk, "pause")]


def test_a_paused_run_starts_no_child_that_was_being_prepared(parent):
    run, life = parent
    order = order_of_child(life.run)
    ask(run, life, "pause")
    take_delivery(life.run, prepare_child(order))
    advance(life.run)
    assert not Run.objects.filter(parent=run).exists()
    life.die()
    second = Life(life.store)
    ask(run, second, "resume")
    take_delivery(second.run, prepare_child(order_of_child(second.run)))
    second.commit()
    assert Run.objects.filter(parent=run).count() == 1


def test_of_a_pause_and_a_resume_at_once_a_child_hears_the_last(parent):
    run, life = parent
    take_delivery(life.run, prepare_child(order_of_child(life.run)))
    life.commit()
    for kind in ("pause", "resume", "pause"):
        Inbox.objects.create(run=run, kind=kind, actor=ACTOR)
    for mail in life.store.inbox(life.id):
        take_mail(life.run, mail)
    life.commit()
    told = Inbox.objects.filter(run__parent=run).values_list("kind", flat=True)
    assert list(told) == ["pause"]
