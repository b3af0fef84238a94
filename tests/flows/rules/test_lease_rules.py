"""Rules 21 to 37: the lease, the fence, the inbox. Each is explained in engine-rules.md."""

import re
import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from flows.conductor import lease, loop
from flows.conductor.postgresql.commit import statement
from flows.models import Inbox, Run, Worker
from flows.selectors import run_document
from flows.services.steering import request_cancel
from flows.tasks import wake
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import Event, verify
from tests.factories.flows import make_flow, make_run
from tests.faults.load import make_eight
from tests.faults.scenarios import Stage
from tests.fixtures.stack import PATIENCE_S, wait_for_end, wait_until
from tests.flows.conductor.holding import Holder, part_of, signal_of, wait_of

pytestmark = pytest.mark.both_databases
LONG = {"configs": {"wait": {"for_s": "3600"}}}


def only_after(monkeypatch, store_type, *, parks):
    """Call `parks` once, right after the commit with which a run is let go."""
    original, done = store_type.commit, []

    def commit(self, worker_id, batch, *meanwhile):
        landed = original(self, worker_id, batch, *meanwhile)
        if not done and any(part.status == "waiting" for part in batch):
            done.append(True)
            parks()
        return landed

    monkeypatch.setattr(store_type, "commit", commit)


def test_rule_21_mail_that_comes_as_a_run_is_let_go_is_found_without_a_bell(
    monkeypatch, store, request
):
    for module, name in ((loop, "MAIL_S"), (lease, "SWEEP_S"), (lease, "LEASE_S")):
        monkeypatch.setattr(module, name, 3600.0)  # no other net
    run = make_run("in -> wait -> out", **LONG)
    only_after(
        monkeypatch,
        type(store),
        parks=lambda: Inbox.objects.create(run=run, kind="cancel", actor="user:x"),
    )
    conductor = request.getfixturevalue("live_conductor")
    conductor.wake()
    ended = Run.objects.filter(pk=run.pk, status="cancelled")
    wait_until(ended.exists, "a run that has read its mail")


def test_rule_22_sender_of_mail_that_takes_its_time_delays_no_commit(holder):
    if connection.vendor == "sqlite":
        pytest.skip("whoever writes to SQLite locks all of it")
    run = make_run()
    holder.claim()
    landed, part = [], part_of(run)
    committing = threading.Thread(
        target=lambda: landed.extend(holder.commit(part)), daemon=True
    )
    with transaction.atomic():
        request_cancel(run, actor="user:x")
        committing.start()
        committing.join(PATIENCE_S)
        assert landed == [run.pk]


def test_rule_23_mail_is_read_while_a_call_is_under_way(live_conductor, gate):
    run = gate.make_run()
    gate.wait_for_calls(1)
    Inbox.objects.create(run=run, kind="cancel", actor="user:x")  # and nobody rings
    assert wait_for_end(run).status == "cancelled"


def test_rule_24_lease_is_one_row_however_many_runs_are_held(live_conductor, gate):
    runs = [gate.make_run() for _ in range(3)]
    gate.wait_for_calls(3)
    started = Event.objects.filter(kind="step.started")
    wait_until(lambda: started.count() == 3, "three calls that are shown")
    before = list(Run.objects.order_by("pk").values())
    worker = Worker.objects.get()
    later = Worker.objects.filter(beat_at__gt=worker.beat_at)
    wait_until(later.exists, "another beat")
    assert list(Run.objects.order_by("pk").values()) == before
    assert {run["owner_id"] for run in before} == {worker.pk}
    assert len(before) == len(runs)


def test_rule_25_runs_of_a_killed_worker_are_free_long_before_its_lease_ends(
    crew, effects
):
    stage = Stage(crew, effects, make_eight(effects))
    victim = crew.start(lease_s=86_400.0)
    stage.starter.start(5)
    stage.catch_at_work([victim]).kill()
    crew.start(lease_s=86_400.0)
    stage.finish()


# Each is a way in which a database says no to a row, and its end.
REFUSE = {
    "postgresql": (
        "ALTER TABLE flows_signal ADD CONSTRAINT no_b CHECK (key <> 'b')",
        "ALTER TABLE flows_signal DROP CONSTRAINT no_b",
    ),
    "sqlite": (
        "CREATE TRIGGER no_b BEFORE INSERT ON flows_signal WHEN new.key = 'b'"
        " BEGIN SELECT RAISE(ABORT, 'no b'); END",
        "DROP TRIGGER no_b",
    ),
}


@pytest.fixture
def refused_key(transactional_db):
    """The key of an event that the database does not store."""
    refuse, accept = REFUSE[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(refuse)
    yield "b"
    with connection.cursor() as cursor:
        cursor.execute(accept)


def test_rule_28_row_that_the_database_refuses_fails_its_run_alone(
    refused_key, request
):
    flow = make_flow(
        "in -> emit -> out",
        types={"emit": "emit_event"},
        configs={"emit": {"name": "paid", "key": "input.key", "data": {}}},
    )
    runs = [make_run(flow=flow, input={"key": key}) for key in ("a", refused_key, "d")]
    request.getfixturevalue("live_conductor")
    first, bad, last = (wait_for_end(run) for run in runs)
    assert (first.status, last.status) == ("completed", "completed")
    assert run_document(bad)["error"]["code"] == "record_refused"
    assert verify().flaws == []


OWN_TABLES = {
    "flows_run",
    "flows_step",
    "flows_inbox",
    "flows_wait",
    "flows_delivery",
    "flows_slot",
    "flows_signal",
    "flows_remote",
    "ledger_event",
    "ledger_blob",
}
WRITES = re.compile(r"(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) (\w+)")


def test_rule_29_joined_commit_writes_rows_of_its_own_runs_only(holder):
    run = make_run()
    holder.claim()
    part = part_of(
        run, waits=[wait_of(run, name="paid")], signals=[signal_of(run)], inbox_ids=[7]
    )
    part.waits_closed.append("a")
    part.outbox.append((run.pk, "child", "system:worker", "a", b"{}"))
    with written_tables(holder, part) as tables:
        assert holder.commit(part) == [run.pk]
    assert tables
    assert tables <= OWN_TABLES


@contextmanager
def written_tables(holder, part):
    """The tables that a commit names in its statements."""
    if connection.vendor == "postgresql":
        yield set(WRITES.findall(statement(holder.id, [part])[0]))
        return
    tables: set[str] = set()
    sqlite = holder.store._connection
    sqlite.set_trace_callback(lambda sql: tables.update(WRITES.findall(sql)))
    yield tables
    sqlite.set_trace_callback(None)


def test_rule_31_run_that_kills_its_workers_is_set_aside_after_three(crew):
    crew.allowed = []
    run = make_run()
    for _ in range(3):
        worker = crew.start(crash_at=["perform", "before", 1, str(run.pk)])
        assert worker.wait() == -9
    crew.start()
    poisoned = Run.objects.filter(pk=run.pk, status="poisoned")
    wait_until(poisoned.exists, "a run that is set aside")
    request_cancel(run, actor="user:x")
    assert wait_for_end(run).status == "cancelled"
    assert verify().flaws == []


def test_rule_32_call_that_cannot_be_ended_does_not_hold_its_step(live_conductor, gate):
    run = gate.make_run(timeouts={"model": 2})
    gate.wait_for_calls(1)
    assert wait_for_end(run).status == "failed"
    assert gate.calls == 1  # its thread still waits for the gate


def test_rule_33_worker_that_is_asked_to_end_lets_go_of_its_runs(crew, effects):
    stage = Stage(crew, effects, make_eight(effects, wait_s=3600))
    worker = crew.start()
    stage.starter.start(5)
    stage.wait_for_effects(5)
    worker.ask_to_end()
    assert worker.wait() == 0
    assert not Worker.objects.exists()
    assert set(Run.objects.values_list("owner_id", "crashes")) == {(None, 0)}


def test_rule_34_message_wakes_the_conductor_and_returns(live_conductor, gate):
    run = gate.make_run()
    wake()
    gate.wait_for_calls(1)
    wake()  # returns while the run waits for its model
    assert Run.objects.get(pk=run.pk).ended_at is None


def test_rule_35_worker_takes_no_more_than_it_has_room_for(holder, store):
    flow = make_flow()
    runs = [make_run(flow=flow) for _ in range(5)]
    assert len(holder.claim(2)) == 2
    rest = Holder(store).claim(100)
    assert [row.id for row in rest] == [run.pk for run in runs[2:]]


def test_rule_36_runs_whose_owner_is_gone_are_free_and_count_a_crash(store):
    run = make_run()
    Run.objects.filter(pk=run.pk).update(owner_id=new_id(), status="running")
    assert store.free_orphans() == 1
    assert store.free_orphans() == 0
    assert Run.objects.filter(pk=run.pk, owner_id=None, crashes=1).exists()


def test_rule_27_commit_that_is_repeated_counts_once_and_harms_no_other(holder):
    flow = make_flow()
    repeated, other = (make_run(flow=flow) for _ in range(2))
    holder.claim()
    part = part_of(repeated, signals=[signal_of(repeated)])
    part.new_seq += 1
    assert holder.commit(part) == [repeated.pk]
    assert holder.commit(part, part_of(other)) == [other.pk]
    assert holder.store.seq_of(repeated.pk, part.epoch) == part.new_seq
