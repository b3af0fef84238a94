"""Limits on how many runs go on at once, where runs are accepted."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from flows.errors import ConcurrencyKeyFailed, ConcurrencyLimitReached
from flows.models import Inbox, Run, Slot, Wait
from flows.services.publishing import problems_of
from flows.services.runs import RunRequest, start_run
from tests.factories.flows import ACTOR, make_flow, make_run
from tests.factories.graphs import document
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases


def limited(limit=1, drawing="in -> out", **concurrency):
    settings = {"concurrency": {"limit": limit, **concurrency}}
    return make_flow(drawing, settings=settings)


def asking(**concurrency):
    return make_flow(
        "in -> ask:approved -> out1, ask:rejected -> out2",
        configs={"ask": {"title": "Well?", "show": {}}},
        types={"ask": "approval"},
        settings={"concurrency": {"limit": 1, **concurrency}},
    )


def status_of(run):
    return Run.objects.values_list("status", flat=True).get(pk=run.pk)


def test_a_run_over_the_limit_waits_for_its_slot(db):
    flow = limited()
    first, second = make_run(flow=flow), make_run(flow=flow)
    assert (first.blocked, second.blocked) == (False, True)
    assert Slot.objects.get().run_id == first.pk


def test_each_value_of_the_key_has_its_own_limit(db):
    flow = limited(key="input.customer")
    runs = [make_run(flow=flow, input={"customer": name}) for name in "aba"]
    assert [run.blocked for run in runs] == [False, False, True]


def test_a_key_that_fails_refuses_the_run_and_names_the_place(db):
    flow = limited(key="input.customer")
    for value in ({}, {"customer": None}):
        with pytest.raises(ConcurrencyKeyFailed) as refusal:
            make_run(flow=flow, input=value)
        assert refusal.value.pointer == "/settings/concurrency/key"
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("input.", "expression_invalid"),
        ("steps.a.x", "concurrency_key_not_of_input"),
        ("context.x", "concurrency_key_not_of_input"),
    ],
)
def test_a_key_that_cannot_be_computed_is_a_problem(db, key, code):
    settings = {"concurrency": {"limit": 1, "key": key}}
    drawn = document("in -> a -> out", settings=settings)
    problems = problems_of(make_flow().workspace_id, drawn)
    assert [(p.code, p.pointer) for p in problems] == [
        (code, "/settings/concurrency/key")
    ]


def test_a_flow_that_refuses_takes_no_run_over_its_limit(db):
    flow = limited(when_full="refuse")
    request = RunRequest(flow=flow, input={}, actor=ACTOR, idempotency_key="k")
    first = start_run(request).run
    assert start_run(request).run == first
    with pytest.raises(ConcurrencyLimitReached):
        make_run(flow=flow)
    Slot.objects.all().delete()
    Run.objects.update(ended_at=timezone.now(), status="completed")
    assert not make_run(flow=flow).blocked


def test_rule_51_starts_at_once_never_exceed_the_limit(transactional_db):
    flow, barrier = limited(2), threading.Barrier(6)

    def start():
        barrier.wait(30)
        make_run(flow=flow)
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Run.objects.filter(blocked=True).count() == 4
    assert sorted(Slot.objects.values_list("n", flat=True)) == [1, 2]


def test_runs_that_queue_all_complete(live_conductor):
    flow = limited()
    for run in [make_run(flow=flow) for _ in range(4)]:
        assert wait_for_end(run).status == "completed"
    assert not Slot.objects.exists()


def test_rule_51_a_run_that_replaces_starts_after_the_older_one_ended(live_conductor):
    flow = asking(when_full="replace")
    older = make_run(flow=flow)
    wait_until(lambda: status_of(older) == "waiting", "the older run's question")
    newer = make_run(flow=flow)
    assert newer.blocked
    wait_until(lambda: status_of(newer) == "waiting", "the newer run's question")
    older.refresh_from_db()
    newer.refresh_from_db()
    assert older.status == "cancelled"
    assert newer.started_at >= older.ended_at


def test_a_deadline_and_a_priority_come_from_the_settings(db):
    flow = make_flow("in -> out", settings={"deadline_s": 60, "priority": 4})
    run = make_run(flow=flow)
    wait = Wait.objects.get()
    assert (wait.kind, wait.run_id, run.priority) == ("deadline", run.pk, 4)
    assert (wait.due_at - run.created_at).total_seconds() == 60
    request = RunRequest(flow=flow, input={}, actor=ACTOR, priority=-2)
    assert start_run(request).run.priority == -2
    assert not Inbox.objects.exists()
