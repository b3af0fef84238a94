"""Deadlines, pauses and slots of runs, on a real conductor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flows.models import Inbox, Run, Slot, Wait
from orchestrator_site.ledger.api import load, verify
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases
AN_HOUR = timedelta(hours=1)


def post(run, kind):
    Inbox.objects.create(run=run, kind=kind, actor="user:x")


def wait_for_status(run, status):
    rows = Run.objects.filter(pk=run.pk, status=status, owner_id=None)
    wait_until(rows.exists, f"a {status} run that nobody holds")


def test_a_run_ends_at_its_deadline(live_conductor):
    run = make_run(
        "in -> wait -> out",
        configs={"wait": {"for_s": "3600"}},
        settings={"deadline_s": 0.3},
    )
    ended = wait_for_end(run)
    assert ended.status == "failed"
    assert load(bytes(ended.result))["code"] == "run_deadline_passed"
    assert not Wait.objects.exists()
    assert verify().flaws == []


def test_a_run_of_a_subflow_ends_at_the_deadline_of_its_own_flow(live_conductor):
    inner = make_flow(
        "in -> wait -> out",
        configs={"wait": {"for_s": "3600"}},
        settings={"deadline_s": 0.3},
    )
    outer = make_flow(
        "in -> sub -> out",
        workspace=inner.workspace,
        types={"sub": "subflow"},
        configs={"sub": {"flow": inner.slug, "version": 1, "input": {}}},
    )
    ended = wait_for_end(make_run(flow=outer))
    assert ended.status == "failed"
    assert load(bytes(ended.result))["code"] == "run_deadline_passed"
    assert verify().flaws == []


def test_rule_20_paused_time_does_not_count_for_the_deadline(live_conductor):
    run = make_run(
        "in -> wait -> out",
        configs={"wait": {"for_s": "3600"}},
        settings={"deadline_s": 1200},
    )
    wait_for_status(run, "waiting")
    post(run, "pause")
    wait_for_status(run, "paused")
    # An hour goes by: the pause began then, and the deadline was a third of one after it.
    long_ago = timezone.now() - AN_HOUR
    Run.objects.filter(pk=run.pk).update(paused_at=long_ago)
    deadline = Wait.objects.filter(run=run, kind="deadline")
    deadline.update(due_at=long_ago + timedelta(minutes=20))
    post(run, "resume")
    wait_for_status(run, "waiting")
    left = deadline.get().due_at - timezone.now()
    assert timedelta(minutes=10) < left <= timedelta(minutes=20)
    assert verify().flaws == []


def test_rule_18_a_waiting_run_can_leave_its_slot_to_another(live_conductor):
    flow = make_flow(
        "in -> wait -> out",
        configs={"wait": {"for_s": "input.s"}},
        settings={"concurrency": {"limit": 1, "hold_while_waiting": False}},
    )
    sleeper = make_run(flow=flow, input={"s": 3600})
    wait_for_status(sleeper, "waiting")
    wait_until(lambda: not Slot.objects.exists(), "the slot is free")
    quick = wait_for_end(make_run(flow=flow, input={"s": 0.1}))
    assert quick.status == "completed"
    Wait.objects.filter(run=sleeper).update(due_at=timezone.now())
    assert wait_for_end(sleeper).status == "completed"
    assert not Slot.objects.exists()


def test_rule_18_a_waiting_run_keeps_its_slot_unless_the_flow_says_otherwise(
    live_conductor,
):
    flow = make_flow(
        "in -> wait -> out",
        configs={"wait": {"for_s": "input.s"}},
        settings={"concurrency": {"limit": 1}},
    )
    sleeper = make_run(flow=flow, input={"s": 3600})
    wait_for_status(sleeper, "waiting")
    behind = make_run(flow=flow, input={"s": 0.1})
    assert Run.objects.get(pk=behind.pk).blocked
    post(sleeper, "cancel")
    assert wait_for_end(behind).status == "completed"
