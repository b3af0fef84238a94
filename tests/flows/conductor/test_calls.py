"""Calls under way: what is recorded of them while they take their time."""

import time

import pytest

from flows.conductor import calls as calls_module
from flows.conductor.advancing import advance
from flows.conductor.calls import Calls
from flows.conductor.held import Flight, HeldRun
from flows.conductor.holdings import Holdings
from flows.conductor.lease import Lease
from flows.conductor.store import open_store
from flows.conductor.taking import take
from tests.fixtures.stack import wait_until
from tests.flows.conductor.holding import Holder


@pytest.fixture
def store(transactional_db):
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def calls():
    delivered = []
    calls = Calls(delivered.append, Lease(on_sweep=None))
    yield calls
    calls.stop()


def hold(store, run) -> tuple[Holdings, HeldRun]:
    """Claim a run and take it as far as its first call."""
    (claimed,) = Holder(store).claim()
    held = take(claimed, (), store.blob)
    advance(held)
    held.staged = None
    runs = Holdings()
    runs.add(held)
    return runs, held


def test_call_that_takes_its_time_is_recorded_as_started(store, gate, calls):
    runs, held = hold(store, gate.make_run())
    calls.launch(held)
    fire_until(calls, runs, lambda: held.staged)
    (row,) = held.staged.steps
    assert (row.address, row.status) == ("model", "running")


def test_call_is_recorded_as_started_once(store, gate, calls, monkeypatch):
    monkeypatch.setattr(calls_module, "SHOW_S", 0.0)
    runs, held = hold(store, gate.make_run())
    calls.launch(held)
    for _ in range(5):
        calls.fire_timers(runs)
    assert [event.kind for event in held.staged.events] == ["step.started"]


def test_moment_of_an_earlier_attempt_says_nothing_of_the_next(
    store, gate, calls, monkeypatch
):
    monkeypatch.setattr(calls_module, "SHOW_S", 0.0)
    runs, held = hold(store, gate.make_run())
    calls.launch(held)
    held.flights["model"] = Flight(limit_s=60.0, started=time.monotonic() + 60)
    calls.fire_timers(runs)
    assert held.staged is None


def test_end_of_an_earlier_attempt_does_not_end_the_next(
    store, gate, calls, monkeypatch
):
    monkeypatch.setattr(calls_module, "SHOW_S", 0.0)
    monkeypatch.setattr(calls_module, "TIMEOUT_GRACE_S", 0.0)
    runs, held = hold(store, gate.make_run(timeouts={"model": 2}))
    calls.launch(held)
    calls.fire_timers(runs)
    held.flights["model"] = late = Flight(limit_s=60.0, started=time.monotonic() + 60)
    wait_until(lambda: calls.patience(1.0) == 0.0, "the limit of the first attempt")
    calls.fire_timers(runs)
    assert held.flights["model"] is late


def fire_until(calls, runs, condition):
    def fire():
        calls.fire_timers(runs)
        return condition()

    wait_until(fire, "the timer")
