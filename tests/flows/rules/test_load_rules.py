"""Rules 46 to 52: what a run costs, and what it must not cost others."""

import os
import sys
import threading

import pytest
from django.apps import apps
from django.db import models

from flows.conductor import flushing, process, taking
from flows.conductor.advancing import advance
from flows.conductor.calls import MOST_OF_A_RUN
from flows.models import Run, Step
from orchestrator_site.ledger.api import Blob, load
from orchestrator_site.ledger.api import store as seal
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_for_end
from tests.flows.conductor.test_retrying import Life

pytestmark = pytest.mark.both_databases


def test_rule_46_state_is_the_fold_of_the_step_rows(store):
    make_run("in -> a -> wait -> out, in -> model -> out", runs="wait")
    first = Life(store)
    first.commit()
    first.die()
    second = Life(store)
    assert second.run.state.active.keys() == first.run.state.active.keys()
    assert second.run.cells == first.run.cells
    names = {field.name for field in Run._meta.get_fields()}
    assert not names & {"state", "steps_json", "context"}


def test_rule_47_large_values_are_kept_apart_and_read_when_asked_for(store):
    text = "kettle " * 5000
    run = make_run(
        "in -> a -> model -> out",
        runs="wait",
        configs={"a": {"values": {"text": "input.text"}}},
        input={"text": text},
    )
    first = Life(store)
    first.commit()
    first.die()
    assert Blob.objects.filter(owner_id=run.pk).exists()
    assert len(bytes(Step.objects.get(run=run, address="a").result)) < 100
    fetched = []

    def fetch(run_id, digest):
        fetched.append(digest)
        return store.blob(run_id, digest)

    second = Life(store, fetch=fetch)
    advance(second.run)
    before = len(fetched)
    assert second.run.values["a"]["text"] == text
    assert len(fetched) == before + 1


def test_rule_48_payloads_are_compressed_bytes(db):
    sealed = seal({"text": "kettle " * 5000})
    assert len(sealed.blob) < 1000
    assert load(sealed.blob) == {"text": "kettle " * 5000}
    for model in apps.get_models():
        if model._meta.app_label in ("flows", "ledger"):
            for field in model._meta.get_fields():
                assert not isinstance(field, models.JSONField), field


def test_rule_48_commits_have_a_bounded_size(monkeypatch, store):
    monkeypatch.setattr(flushing, "BATCH_RUNS", 2)
    flow = make_flow()
    for _ in range(5):
        make_run(flow=flow)
    worker = Life.enter(store)
    held = [taking.take(row, [], store.blob) for row in store.claim(worker, 10)]
    for run in held:
        advance(run)
    batches, original = [], type(store).commit

    def commit(self, worker_id, batch, *meanwhile):
        batches.append(len(batch))
        return original(self, worker_id, batch, *meanwhile)

    monkeypatch.setattr(type(store), "commit", commit)
    committer = flushing.Committer(threading.Event())
    assert len(committer.flush(worker, held)) == 5
    committer.store.close()
    assert batches == [2, 2, 1]


def test_rule_49_run_with_many_items_does_not_starve_another(live_conductor):
    live_conductor.stop()
    many = make_run(
        "in -> map -> out, a",
        parents={"a": "map"},
        configs={"map": {"items": "input.items"}},
        input={"items": list(range(3000))},
    )
    other = make_run("in -> a -> b -> c -> out")
    live_conductor.start()
    other, many = wait_for_end(other), wait_for_end(many)
    assert other.ended_at < many.ended_at
    assert many.status == "completed"


def test_rule_49_calls_of_one_run_leave_threads_for_another(live_conductor, gate):
    many = gate.make_run(
        "in -> map -> out, model",
        parents={"model": "map"},
        configs={
            "map": {"items": str([0] * 300), "concurrency": 1000},
            "model": {
                "model": "gate",
                "input": {"open": "input.open", "log": "input.log"},
            },
        },
    )
    gate.wait_for_calls(MOST_OF_A_RUN)
    other = wait_for_end(make_run(runs="wait"))
    assert other.status == "completed"
    assert gate.calls == MOST_OF_A_RUN
    gate.open()
    assert wait_for_end(many).status == "completed"
    assert gate.calls == 300


def test_rule_49_items_begin_in_a_window(live_conductor, gate):
    run = gate.make_run(
        "in -> map -> out, model",
        parents={"model": "map"},
        configs={
            "map": {"items": "[1, 2, 3, 4, 5, 6, 7, 8]", "concurrency": 2},
            "model": {
                "model": "gate",
                "input": {"open": "input.open", "log": "input.log"},
            },
        },
    )
    gate.wait_for_calls(2)
    assert Step.objects.filter(run=run, node_id="model").count() <= 2
    gate.open()
    assert wait_for_end(run).status == "completed"
    assert gate.calls == 8


def test_rule_50_what_computes_has_a_process_of_its_own(fake_package, live_conductor):
    flow = make_flow(
        "in -> model -> out",
        runs="cpu",
        models={"process": "fake-process"},
        configs={
            "model": {"model": "process", "input": {}},
            "out": {"values": {"pid": "steps.model.pid"}},
        },
    )
    run = wait_for_end(make_run(flow=flow))
    assert load(bytes(run.result))["pid"] != os.getpid()
    assert sys.getswitchinterval() == pytest.approx(process.SWITCH_INTERVAL_S)


def test_rule_52_what_each_commit_changes_stands_in_no_index():
    changing = {"seq", "head", "cost_usd_micros", "crashes"}
    indexed = {name for index in Run._meta.indexes for name in index.fields}
    indexed |= {field.name for field in Run._meta.fields if field.db_index}
    assert not indexed & changing
