"""Rules 38 to 45: effects, lazy commits, the ledger, live messages."""

import json

import pytest
from django.db import connection

from flows import live
from flows.models import Inbox, Step
from flows.services.steering import request_cancel
from orchestrator_site.ledger.api import Event, verify
from orchestrator_site.live.api import Announcement, Pacer
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.test_retrying import Life

pytestmark = pytest.mark.both_databases


def test_rule_38_no_call_starts_before_all_that_led_to_it_is_stored(
    monkeypatch, store, live_conductor, gate
):
    """The model answers in the conductor's own thread, so that nothing runs beside it."""
    gate.open()
    calls_before = []
    store_type = type(store)
    original = store_type.commit

    def commit(self, worker_id, batch, *meanwhile):
        if any(step.address == "a" for part in batch for step in part.steps):
            calls_before.append(gate.calls)
        return original(self, worker_id, batch, *meanwhile)

    monkeypatch.setattr(store_type, "commit", commit)
    run = wait_for_end(gate.make_run("in -> a -> model -> out", runs="loop"))
    assert run.status == "completed"
    assert calls_before == [0]
    assert gate.calls == 1


def test_rule_38_the_first_call_needs_no_commit_but_that_of_its_run(
    monkeypatch, store, live_conductor, gate
):
    """What the input node hands on has been stored since the run was accepted."""
    gate.open()
    commits = []
    store_type = type(store)
    original = store_type.commit

    def commit(self, worker_id, batch, *meanwhile):
        commits.extend([step.address for step in part.steps] for part in batch)
        return original(self, worker_id, batch, *meanwhile)

    monkeypatch.setattr(store_type, "commit", commit)
    wait_for_end(gate.make_run("in -> model -> out", runs="loop"))
    assert commits == [["in", "model", "out"]]


def test_rule_39_what_is_committed_survives_a_loss_of_power(store):
    if connection.vendor == "postgresql":
        row = store._connection.execute("SHOW synchronous_commit").fetchone()
        assert row == ("on",)
        return
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_rule_41_what_is_shown_has_its_place_in_the_chain(live_conductor, gate):
    run = gate.make_run("in -> a -> model -> out")
    model = Step.objects.filter(run=run, address="model", status="running")
    wait_until(model.exists, "a call that is shown")
    for step in Step.objects.filter(run=run):
        event = Event.objects.get(chain_id=run.pk, seq=step.seq)
        told = json.loads(bytes(event.body))["data"]
        assert step.address == told["address"]
    gate.open()
    wait_for_end(run)


def test_rule_42_batch_that_is_refused_leaves_no_fork(store):
    run = make_run("in -> wait -> out", configs={"wait": {"for_s": "3600"}})
    first = Life(store)
    first.die()
    second = Life(store)
    second.commit()
    with pytest.raises(AssertionError):
        first.commit()
    second.run.staged = None
    assert verify().flaws == []
    assert {
        json.loads(bytes(event.body))["data"].get("epoch", 0)
        for event in Event.objects.filter(chain_id=run.pk)
    } == {0, second.run.epoch}


def test_rule_42_only_the_holder_writes_the_chain_of_a_run(db):
    run = make_run()
    request_cancel(run, actor="user:x")
    assert Event.objects.filter(chain_id=run.pk).count() == 1
    assert Inbox.objects.get().kind == "cancel"


def test_rule_44_runs_are_told_of_with_their_place_and_nothing_else(
    monkeypatch, live_conductor
):
    told: list[list[Announcement]] = []
    announce = Pacer.announce

    def listen(self, messages, last=()):
        told.append(messages := [*messages, *(last := list(last))])
        announce(self, messages[: len(messages) - len(last)], last=last)

    monkeypatch.setattr(Pacer, "announce", listen)
    flow = make_flow("in -> a -> b -> c -> out")
    runs = [make_run(flow=flow) for _ in range(20)]
    for run in runs:
        wait_for_end(run)
    topics = {live.topic_of(run.pk) for run in runs}
    messages = [message for batch in told for message in batch]
    assert topics <= {message.topic for message in messages}
    assert set(Announcement._fields) == {"workspace_id", "topic", "id"}
    for batch in told:
        names = [message.topic for message in batch]
        assert len(names) == len(set(names))  # once for each run and commit
