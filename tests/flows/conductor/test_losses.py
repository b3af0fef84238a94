"""What lost connections, early ends and poisoned runs must not leave behind."""

import sqlite3
import threading

import pytest
from django.db import OperationalError, connection, transaction

from approvals.api import Approval
from flows.conductor import executor, flushing, taking
from flows.conductor.advancing import advance, cancel
from flows.conductor.ending import finish_step
from flows.conductor.held import Outcome
from flows.conductor.rows import RecordedStep
from flows.conductor.staging.steps import stage_started
from flows.conductor.staging.waits import stage_asked, stage_parked
from flows.conductor.store import open_store
from flows.models import FlowVersion, Inbox, Run, Step
from flows.services.steering import request_cancel
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import Event, verify
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases

LOST = sqlite3.OperationalError("the connection is gone")


@pytest.fixture
def store(transactional_db):
    store = open_store()
    yield store
    store.close()


def make_asking_run():
    flow = make_flow(
        "in -> ask:approved -> out1, ask:rejected -> out2",
        configs={"ask": {"title": "Well?", "show": {}}},
        types={"ask": "approval"},
    )
    return make_run(flow=flow)


def claim_one(store):
    worker = new_id()
    store.register(worker, "w")
    return worker, store.claim(worker, 10)[0]


def wait_for_status(run, status):
    rows = Run.objects.filter(pk=run.pk, status=status, owner_id=None)
    wait_until(rows.exists, f"a {status} run that nobody holds")


def test_a_lost_answer_to_a_claim_strands_no_run(monkeypatch, store, live_conductor):
    lost = []

    def claim_and_lose(self, worker_id, limit):
        claimed = original(self, worker_id, limit)
        if claimed and not lost:
            lost.append(claimed)
            raise LOST
        return claimed

    original = type(store).claim
    monkeypatch.setattr(type(store), "claim", claim_and_lose)
    assert wait_for_end(make_run()).status == "completed"
    assert lost


def test_a_payload_that_cannot_be_fetched_now_fails_no_step(store):
    make_run(
        "in -> a -> out",
        configs={
            "a": {"values": {"text": "input.text"}},
            "out": {"values": {"text": "steps.a.text"}},
        },
        input={"text": "kettle " * 5000},
    )
    _, claimed = claim_one(store)
    held = taking.take(claimed, [], store.blob)
    advance(held)
    stored = [
        RecordedStep(s.run_id, s.address, s.status, s.port, s.result, s.started_at)
        for s in held.staged.steps
        if s.node_id != "out"
    ]

    def fetch(run_id, digest):
        if digest in {blob.digest for blob in held.staged.blobs}:
            raise LOST
        return store.blob(run_id, digest)

    with pytest.raises(sqlite3.OperationalError):
        advance(taking.take(claimed, stored, fetch))


@pytest.mark.parametrize("document", [b"\xff", b"[]", b"{"])
def test_a_version_of_junk_fails_its_run_alone(store, document):
    make_run()
    FlowVersion.objects.update(document=document)
    _, claimed = claim_one(store)
    assert taking.take(claimed, [], store.blob).staged.status == "failed"


def test_a_poisoned_run_leaves_its_mail_until_it_is_cancelled(live_conductor):
    run = make_asking_run()
    wait_for_status(run, "waiting")
    Run.objects.filter(pk=run.pk).update(status="poisoned", crashes=3)
    Inbox.objects.create(run=run, kind="decision", actor="user:x", address="gone")
    live_conductor.wake()
    wait_for_end(make_run())
    wait_for_status(run, "poisoned")
    assert Inbox.objects.count() == 1
    request_cancel(run, actor="user:x")
    assert wait_for_end(run).status == "cancelled"
    wait_until(lambda: not Inbox.objects.exists(), "an empty inbox")
    assert Step.objects.get(run=run, address="ask").status == "cancelled"


def test_a_waiting_run_that_took_three_workers_down_is_set_aside(live_conductor):
    run = make_asking_run()
    wait_for_status(run, "waiting")
    Run.objects.filter(pk=run.pk).update(crashes=3)
    Inbox.objects.create(run=run, kind="decision", actor="user:x", address="gone")
    wait_for_status(run, "poisoned")


def test_an_approval_that_opens_after_the_end_is_withdrawn(monkeypatch, live_conductor):
    asked, ended = threading.Event(), threading.Event()

    def open_late(*question):
        asked.set()
        assert ended.wait(30)
        return original(*question)

    original = executor.open_approval
    monkeypatch.setattr(executor, "open_approval", open_late)
    run = make_asking_run()
    assert asked.wait(30)
    request_cancel(run, actor="user:x")
    wait_for_end(run)
    ended.set()
    withdrawn = Approval.objects.filter(run_id=run.pk, state="obsolete")
    wait_until(withdrawn.exists, "a withdrawn approval")


def test_a_question_waits_for_a_database_that_is_away(monkeypatch, live_conductor):
    refused = []

    def refuse_first(*question):
        if not refused:
            refused.append(question)
            raise OperationalError("sorry, too many clients already")
        return original(*question)

    original = executor.open_approval
    monkeypatch.setattr(executor, "open_approval", refuse_first)
    run = make_asking_run()
    wait_for_status(run, "waiting")
    assert refused


def test_an_approval_whose_worker_died_at_the_end_is_withdrawn(live_conductor):
    run = make_asking_run()
    wait_for_status(run, "waiting")
    live_conductor.stop()
    Run.objects.filter(pk=run.pk).update(status="failed", ended_at=run.created_at)
    live_conductor.start()
    withdrawn = Approval.objects.filter(run_id=run.pk, state="obsolete")
    wait_until(withdrawn.exists, "a withdrawn approval")


def test_a_decision_that_is_there_before_its_question_is_recorded_counts(store):
    run = make_asking_run()
    worker, claimed = claim_one(store)
    held = taking.take(claimed, [], store.blob)
    advance(held)
    held.waiting["ask"] = run.created_at
    stage_asked(held, "ask", str(new_id()))
    finish_step(held, "ask", Outcome(output={}, port="approved"))
    advance(held)
    assert [row.run_id for row in store.commit(worker, [held.staged])] == [run.pk]
    assert Step.objects.get(run=run, address="ask").status == "completed"
    assert verify().flaws == []


def test_a_parking_that_was_lost_is_stored_again(monkeypatch, store):
    run = make_run()
    worker, claimed = claim_one(store)
    held = taking.take(claimed, [], store.blob)
    stage_parked(held)
    original, lost = type(store).commit, []

    def lose_first(self, worker_id, batch, *meanwhile):
        if not lost:
            lost.append(batch)
            raise LOST
        return original(self, worker_id, batch, *meanwhile)

    monkeypatch.setattr(type(store), "commit", lose_first)
    committer = flushing.Committer(threading.Event())
    assert run.pk in committer.flush(worker, [held])
    committer.store.close()
    wait_for_status(run, "waiting")


def test_a_parking_whose_answer_was_lost_has_landed(store):
    run = make_run()
    worker, claimed = claim_one(store)
    held = taking.take(claimed, [], store.blob)
    stage_started(held, "in", run.created_at)
    stage_parked(held)
    store.commit(worker, [held.staged])
    assert store.seq_of(held.id, held.epoch) == held.staged.new_seq


def test_a_step_begun_by_an_earlier_holder_is_cancelled_with_the_run(store):
    run = make_run("in -> model -> out", runs="wait")
    worker, claimed = claim_one(store)
    held = taking.take(claimed, [], store.blob)
    advance(held)
    stage_started(held, "model", run.created_at)
    store.commit(worker, [held.staged])
    store.release(worker)
    again = store.claim(worker, 10)[0]
    taken = taking.take(again, store.recorded_steps([run.pk]), store.blob)
    cancel(taken, "user:x")
    advance(taken)
    store.commit(worker, [taken.staged])
    assert Step.objects.get(run=run, address="model").status == "cancelled"
    assert verify().flaws == []


def test_a_run_whose_chain_takes_no_event_is_set_aside_alone(live_conductor):
    live_conductor.stop()
    bad, good = make_run(), make_run()
    first = Event.objects.get(chain_id=bad.pk)
    Event.objects.create(
        chain_id=bad.pk,
        seq=2,
        workspace_id=first.workspace_id,
        at=first.at,
        kind="x.forged",
        body=b"{}",
        hash=b"",
    )
    live_conductor.start()
    assert wait_for_end(good).status == "completed"
    wait_for_status(bad, "poisoned")


def test_a_sender_that_takes_its_time_delays_no_claim(store):
    if connection.vendor == "sqlite":
        pytest.skip("whoever writes to SQLite locks all of it")
    run = make_run()
    with transaction.atomic():
        request_cancel(run, actor="user:x")
        assert claim_one(store)[1].id == run.pk
