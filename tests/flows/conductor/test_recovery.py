"""What survives: killed workers, lost answers, superseded holders."""

import json
import sqlite3

import pytest

from flows.conductor import loop, taking
from flows.conductor.mail import take_mail
from flows.conductor.store import open_store
from flows.conductor.taking import take
from flows.models import FlowVersion, Inbox, Run, Step, Worker
from flows.selectors import run_document
from flows.services.steering import request_cancel, request_release
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import Event, verify
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases


@pytest.fixture
def store(transactional_db):
    store = open_store()
    yield store
    store.close()


def completions(run):
    """How often each step was recorded as completed in the ledger."""
    bodies = [json.loads(bytes(e.body)) for e in Event.objects.filter(chain_id=run.pk)]
    done = [b["data"]["address"] for b in bodies if b["kind"] == "step.completed"]
    return {address: done.count(address) for address in done}


def test_a_run_whose_worker_is_killed_completes_on_another(workers, gate):
    run = gate.make_run("in -> model -> a -> out")
    first = workers.start()
    gate.wait_for_calls(1)
    workers.start()
    wait_until(lambda: Worker.objects.count() == 2, "the second worker")
    workers.kill(first)
    gate.wait_for_calls(2)
    gate.open()
    wait_for_end(run)
    assert run.status == "completed"
    assert set(completions(run).values()) == {1}
    assert Step.objects.filter(run=run).count() == 4
    assert verify().flaws == []


def test_a_superseded_holder_changes_nothing(store):
    run = make_run()
    old, new = new_id(), new_id()
    store.register(old, "old")
    claimed = store.claim(old, 10)
    assert [row.id for row in claimed] == [run.pk]
    store.bury(old)
    store.register(new, "new")
    assert store.claim(new, 10)[0].epoch == claimed[0].epoch + 1
    held = _advanced(claimed[0], store)
    assert store.commit(old, [held.staged]) == []
    assert not Step.objects.filter(run=run).exists()
    assert Event.objects.filter(chain_id=run.pk).count() == 1


def test_a_fenced_run_harms_no_other_in_its_batch(store):
    stale, good = make_run(), make_run()
    worker = new_id()
    store.register(worker, "w")
    held = [_advanced(row, store) for row in store.claim(worker, 10)]
    Run.objects.filter(pk=stale.pk).update(epoch=7)
    landed = store.commit(worker, [run.staged for run in held])
    assert [row.run_id for row in landed] == [good.pk]
    assert Step.objects.filter(run=good).exists()
    assert not Step.objects.filter(run=stale).exists()


def test_the_same_commit_twice_counts_once(store):
    make_run()
    worker = new_id()
    store.register(worker, "w")
    held = _advanced(store.claim(worker, 10)[0], store)
    assert len(store.commit(worker, [held.staged])) == 1
    assert store.commit(worker, [held.staged]) == []
    assert store.seq_of(held.id, held.epoch) == held.staged.new_seq


@pytest.fixture
def crashing_run(transactional_db):
    run = make_run()
    Run.objects.filter(pk=run.pk).update(crashes=3)
    return run


def test_a_run_that_took_three_workers_down_is_set_aside(crashing_run, live_conductor):
    wait_until(lambda: _status(crashing_run) == "poisoned", "poisoned")
    assert not Step.objects.exists()


def test_a_run_that_is_set_aside_can_be_cancelled(crashing_run, live_conductor):
    wait_until(lambda: _status(crashing_run) == "poisoned", "poisoned")
    request_cancel(crashing_run, actor="user:someone")
    assert wait_for_end(crashing_run).status == "cancelled"
    assert verify().flaws == []


def test_a_run_that_is_set_aside_can_be_released(crashing_run, live_conductor):
    wait_until(lambda: _status(crashing_run) == "poisoned", "poisoned")
    crashing_run.refresh_from_db()
    request_release(crashing_run, actor="user:someone")
    ended = wait_for_end(crashing_run)
    assert (ended.status, ended.crashes) == ("completed", 0)
    kinds = Event.objects.filter(chain_id=ended.pk).values_list("kind", flat=True)
    assert list(kinds.order_by("seq"))[1:3] == ["run.poisoned", "run.released"]
    assert not Inbox.objects.exists()
    assert verify().flaws == []


def test_a_released_run_that_stops_workers_again_is_set_aside_again(store):
    run = make_run()
    Run.objects.filter(pk=run.pk).update(status="poisoned", crashes=3)
    Inbox.objects.create(run=run, kind="release", actor="user:someone")
    worker = new_id()
    store.register(worker, "w")
    (claimed,) = store.claim_addressed(worker, 10)
    held = take(claimed, [], store.blob)
    for mail in store.inbox(worker):
        take_mail(held, mail)
    assert len(store.commit(worker, [held.staged])) == 1
    for _death in range(3):
        (claimed,) = store.claim(worker, 10)
        store.bury(worker)
        worker = new_id()
        store.register(worker, "w")
    (claimed,) = store.claim(worker, 10)
    assert take(claimed, [], store.blob).is_poisoned


def test_a_lost_answer_to_a_commit_is_no_second_commit(
    monkeypatch, store, live_conductor
):
    """The first joined commit lands, but its answer never arrives; the run goes on."""
    committed = []

    def commit_and_lose(self, worker_id, batch, *meanwhile):
        landed = original(self, worker_id, batch, *meanwhile)
        committed.append(landed)
        if len(committed) == 1:
            raise OSError("connection reset")
        return landed

    store_type = type(store)
    original = store_type.commit
    monkeypatch.setattr(store_type, "commit", commit_and_lose)
    run = wait_for_end(make_run(runs="wait"))  # more than one commit
    assert (run.status, run.epoch) == ("completed", 1)  # nobody had to claim it again
    assert set(completions(run).values()) == {1}
    assert verify().flaws == []


def test_a_connection_lost_again_and_again_loses_no_run(
    monkeypatch, store, live_conductor
):
    attempts = []

    def lose_four_times(self, worker_id, batch, *meanwhile):
        attempts.append(batch)
        if len(attempts) <= 4:
            raise sqlite3.OperationalError("database is locked")
        return original(self, worker_id, batch, *meanwhile)

    store_type = type(store)
    original = store_type.commit
    monkeypatch.setattr(store_type, "commit", lose_four_times)
    run = wait_for_end(make_run())
    assert run.status == "completed"
    assert verify().flaws == []


def test_a_record_that_the_database_refuses_fails_its_run_alone(
    monkeypatch, store, live_conductor
):
    """One run of a batch holds a row that cannot be stored."""
    store_type = type(store)
    original = store_type.commit

    def refuse_bad(self, worker_id, batch, *meanwhile):
        if any(step.node_id == "bad" for part in batch for step in part.steps):
            raise sqlite3.DataError("a value out of range")
        return original(self, worker_id, batch, *meanwhile)

    monkeypatch.setattr(store_type, "commit", refuse_bad)
    good, bad = make_run(), make_run("in -> bad -> out")
    assert wait_for_end(good).status == "completed"
    assert run_document(wait_for_end(bad))["error"]["code"] == "record_refused"


def test_mail_to_a_run_that_has_ended_is_dropped(live_conductor):
    run = wait_for_end(make_run())
    Inbox.objects.create(run=run, kind="cancel", actor="user:someone")
    wait_until(lambda: not Inbox.objects.exists(), "an empty inbox")
    run.refresh_from_db()
    assert run.status == "completed"


def _status(run):
    return Run.objects.values_list("status", flat=True).get(pk=run.pk)


def _advanced(claimed, store):
    held = taking.take(claimed, [], store.blob)
    loop.advance(held)
    return held


def test_a_run_whose_version_cannot_be_read_fails_with_a_sentence(live_conductor):
    flow = make_flow()
    FlowVersion.objects.update(document=b'{"format": "baton.flow/9"}')
    run = wait_for_end(make_run(flow=flow))
    assert run_document(run)["error"]["code"] == "run_unreadable"
