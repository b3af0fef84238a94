"""Whose clock says when something is due."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from flows.conductor.clock import Clock
from flows.conductor.pulse import Pulse
from flows.conductor.store import open_store
from flows.models import Wait, Worker
from orchestrator_site.accounts.api import new_id
from tests.factories.flows import make_run
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases
HOUR = timedelta(hours=1)


def test_a_clock_goes_on_from_what_it_was_told():
    clock, told = Clock(), timezone.now() - HOUR
    clock.follow(told)
    first = clock.now()
    assert told <= first < told + timedelta(minutes=1)
    wait_until(lambda: clock.now() > first, "some time")


def test_the_database_says_what_time_it_is(transactional_db):
    worker, store = new_id(), open_store()
    entered = store.register(worker, "w")
    assert store.beat(worker) >= entered
    assert store.beat(new_id()) is None
    store.close()


@pytest.mark.parametrize("shift", [HOUR, -HOUR])
def test_a_worker_whose_clock_is_wrong_waits_as_long(
    monkeypatch, live_conductor, shift
):
    if connection.vendor == "sqlite":
        pytest.skip("the clock of a machine without a server is the only one there is")
    true_now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: true_now() + shift)
    run = make_run("in -> wait -> out", configs={"wait": {"for_s": "1200"}})
    wait = wait_until(lambda: Wait.objects.filter(run=run).first(), "a wait")
    left = (wait.due_at - true_now()).total_seconds()
    assert 0 < left <= 1200
    Wait.objects.update(due_at=true_now())
    assert wait_for_end(run).status == "completed"


def test_a_worker_is_silent_from_its_last_beat_that_was_seen():
    pulse, worker = Pulse(), new_id()
    assert pulse.silences([(worker, "10:00")])[worker] == 0
    wait_until(lambda: pulse.silences([(worker, "10:00")])[worker] > 0, "some silence")
    assert pulse.silences([(worker, "09:00")])[worker] == 0
    assert pulse.silences([]) == {}


def test_a_clock_that_jumps_declares_nobody_dead(live_conductor):
    other, store = new_id(), open_store()
    certificate = store.certificate(other)
    certificate.hold()
    store.register(other, "held by hand")
    mine = Worker.objects.exclude(pk=other)
    for _ in range(2):
        Worker.objects.filter(pk=other).update(beat_at=timezone.now() - HOUR)
        beat = mine.get().beat_at
        wait_until(lambda then=beat: mine.get().beat_at > then, "another sweep")
    assert Worker.objects.filter(pk=other).exists()
    certificate.drop()
    store.close()
