"""Moments, events and children: what a run waits for, kept by the database alone."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from flows.conductor.postgresql import sweep
from flows.conductor.store import open_store
from flows.models import Delivery, Inbox, Run, Signal, Wait
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import load
from tests.factories.flows import make_flow, make_run
from tests.flows.conductor.holding import Holder, part_of, signal_of, wait_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def store(transactional_db):
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def holder(store):
    return Holder(store)


def held_runs(holder, count=1):
    flow = make_flow()
    runs = [make_run(flow=flow) for _ in range(count)]
    holder.claim()
    return runs


def at_once(*jobs):
    """Run jobs at the same moment, each with a store of its own."""
    ready, failed = threading.Barrier(len(jobs)), []

    def work(job):
        store = open_store()
        try:
            ready.wait(30)
            job(store)
        except Exception as error:  # noqa: BLE001  shown below
            failed.append(error)
        finally:
            store.close()

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


def mail(run=None):
    rows = Inbox.objects.order_by("id")
    found = rows.filter(run=run) if run else rows
    return [(row.kind, row.address, json.loads(bytes(row.body))) for row in found]


def test_rule_36_what_is_due_arrives_once_with_two_sweepers(holder):
    runs = held_runs(holder, 4)
    past = timezone.now() - timedelta(seconds=1)
    for run in runs:
        waits = [
            wait_of(run, f"each[{n}]/w", "timer", due_at=past, port="due")
            for n in range(50)
        ]
        later = wait_of(run, "later", "deadline", due_at=past + timedelta(hours=1))
        assert holder.commit(part_of(run, waits=[*waits, later])) == [run.pk]
    at_once(*[lambda store: store.move_due()] * 2)
    arrived = [body["wait"] for _, _, body in mail()]
    assert len(arrived) == len(set(arrived)) == 200
    assert set(Wait.objects.values_list("kind", flat=True)) == {"deadline"}
    kind, address, body = mail(runs[0])[0]
    assert (kind, address) == ("timer", "each[0]/w")
    due = datetime.fromisoformat(body.pop("due"))
    assert (due if due.tzinfo else due.replace(tzinfo=UTC)) == past
    assert body == {"wait": min(arrived), "port": "due", "attempt": 1}


def test_rule_36_what_is_due_is_found_by_an_index(holder):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no choice: the condition names the index's column")
    (run,) = held_runs(holder)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO flows_wait (run_id, workspace_id, address, attempt, kind,"
            " due_at, name, key, port) SELECT %s, %s, 'w', 1, 'timer',"
            " now() + n * interval '1 s', '', '', '' FROM generate_series(-20, 9979) n",
            [run.pk, run.workspace_id],
        )
        cursor.execute("ANALYZE flows_wait")
        cursor.execute(f"EXPLAIN {sweep.DUE}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "wait_due" in plan
    assert "Seq Scan" not in plan


def test_rule_16_event_before_its_wait_is_kept(holder, store):
    (run,) = held_runs(holder)
    sent = signal_of(run, key="42")
    holder.commit(part_of(run, signals=[sent, signal_of(run, key="43")]))
    assert store.deliver("signals", [sent.id]) == 0
    holder.commit(part_of(run, waits=[wait_of(run, name="paid", key="42")]))
    assert store.deliver("runs", [run.pk]) == 1
    ((kind, address, body),) = mail(run)
    assert (kind, address, body["port"]) == ("event", "wait", "out")
    assert load(bytes.fromhex(body["data_cell"])) == {"amount": 42}
    assert store.deliver("all") == 0


def test_rule_16_event_and_wait_at_once_are_neither_lost_nor_doubled(holder, store):
    runs = held_runs(holder, 12)
    part = {run.pk: part_of(run, waits=[wait_of(run, name="paid")]) for run in runs}
    events = {run.pk: signal_of(run) for run in runs}

    def register(store):
        for run_id, waits in part.items():
            store.commit(holder.id, [waits])
            store.deliver("runs", [run_id])

    def send(store):
        for run in runs:
            row = events[run.pk]
            Signal.objects.create(**row._asdict(), run_id=run.pk)
            store.deliver("signals", [row.id])
        connection.close()

    at_once(register, send)
    assert [len(mail(run)) for run in runs] == [1] * len(runs)
    assert Delivery.objects.count() == len(runs)


def test_rule_16_each_run_gets_an_event_once_and_each_step_one_event(holder, store):
    first, other = held_runs(holder, 2)
    events = [signal_of(first), signal_of(first)]
    waits = [wait_of(first, "a", name="paid"), wait_of(first, "b", name="paid")]
    holder.commit(
        part_of(first, waits=waits, signals=events),
        part_of(other, waits=[wait_of(other, name="paid")]),
    )
    at_once(*[lambda store: store.deliver("all")] * 3)
    assert [address for _, address, _ in mail(first)] == ["a", "b"]
    assert [body["signal"] for *_, body in mail(first)] == [
        json.loads(
            json.dumps(row.id.hex if connection.vendor == "sqlite" else str(row.id))
        )
        for row in events
    ]
    assert len(mail(other)) == 1


def test_rule_17_event_that_lost_the_choice_stays_for_others(holder, store):
    (run,) = held_runs(holder)
    waits = [wait_of(run, "first", name="paid"), wait_of(run, "then", name="paid")]
    holder.commit(part_of(run, waits=waits, signals=[signal_of(run)]))
    store.deliver("runs", [run.pk])
    lost = list(Inbox.objects.values_list("id", flat=True))
    part = part_of(run, inbox_ids=lost, undelivered=["first"])
    part.close_waits("first")
    holder.commit(part)
    assert store.deliver("runs", [run.pk]) == 1
    assert [address for _, address, _ in mail(run)] == ["then"]


def test_an_event_is_forgotten_after_its_time(holder, store):
    (run,) = held_runs(holder)
    late = signal_of(run, expires_at=timezone.now() - timedelta(minutes=2))
    waits = [wait_of(run, name="paid")]
    holder.commit(part_of(run, waits=waits, signals=[late, signal_of(run, "other")]))
    assert store.deliver("all") == 0
    store.forget_expired()
    assert [row.name for row in Signal.objects.all()] == ["other"]


def test_rule_10_waits_go_with_the_step_and_with_the_run(holder, store):
    (run,) = held_runs(holder)
    opened = [wait_of(run, address, name="paid") for address in ("a", "b")]
    holder.commit(part_of(run, waits=opened, signals=[signal_of(run)]))
    store.deliver("all")
    part = part_of(run, waits=[wait_of(run, "a", "retry", due_at=timezone.now())])
    part.waits_closed.append("a")
    holder.commit(part)
    assert {(w.address, w.kind) for w in store.open_waits([run.pk])} == {
        ("a", "retry"),
        ("b", "event"),
    }
    over = part_of(run, status="failed", ended_at=timezone.now(), waits=opened)
    holder.commit(over)
    assert not Wait.objects.exists()
    assert not Delivery.objects.exists()


def test_rule_27_fenced_run_leaves_no_wait_no_mail_and_no_event(holder):
    stale, good = held_runs(holder, 2)
    parts = [
        part_of(
            run,
            waits=[wait_of(run, name="paid")],
            signals=[signal_of(run)],
            outbox=[(good.pk, "child", "system:worker", "sub", b"{}")],
        )
        for run in (stale, good)
    ]
    Run.objects.filter(pk=stale.pk).update(epoch=7)
    assert holder.commit(*parts) == [good.pk]
    assert Wait.objects.get().run_id == good.pk
    assert Signal.objects.count() == Inbox.objects.count() == 1


def test_mail_to_a_run_that_is_gone_harms_no_commit(holder):
    (run,) = held_runs(holder)
    outbox = [(new_id(), "child", "system:worker", "sub", b"{}")]
    assert holder.commit(part_of(run, outbox=outbox)) == [run.pk]
    assert not Inbox.objects.exists()


def test_the_most_urgent_run_is_claimed_first(holder):
    flow = make_flow()
    late, early, urgent = (make_run(flow=flow) for _ in range(3))
    Run.objects.filter(pk=urgent.pk).update(priority=5)
    Run.objects.filter(pk=late.pk).update(priority=-1)
    assert [run.id for run in holder.claim(2)] == [urgent.pk, early.pk]
    assert [run.id for run in holder.claim(2)] == [late.pk]


@pytest.mark.parametrize(
    ("status", "kind", "is_claimed"),
    [
        ("poisoned", "resume", False),
        ("poisoned", "cancel", True),
        ("poisoned", "release", True),
        ("paused", "release", False),
        ("paused", "timer", False),
        ("paused", "resume", True),
        ("paused", "cancel", True),
        ("waiting", "timer", True),
    ],
)
def test_mail_wakes_a_run_only_where_it_may(holder, store, status, kind, is_claimed):
    run = make_run()
    Run.objects.update(status=status)
    Inbox.objects.create(run=run, kind=kind, actor="user:x")
    claimed = store.claim_addressed(holder.id, 10)
    assert [row.id for row in claimed] == [run.pk] * is_claimed


def test_a_paused_run_knows_since_when(holder, store):
    (run,) = held_runs(holder)
    holder.commit(part_of(run, status="paused", paused_by="person"))
    Inbox.objects.create(run=run, kind="resume", actor="user:x")
    (claimed,) = store.claim_addressed(holder.id, 10)
    assert claimed.paused_at is not None
    holder.commit(part_of(run))
    run.refresh_from_db()
    assert run.paused_at is None
