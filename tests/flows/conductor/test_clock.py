"""Whose clock says when something is due."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from flows.conductor.clock import Clock
from flows.conductor.store import open_store
from flows.models import Wait
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
    run = make_run("in -> wait -> out", configs={"wait": {"for_s": "30"}})
    wait = wait_until(lambda: Wait.objects.filter(run=run).first(), "a wait")
    left = (wait.due_at - true_now()).total_seconds()
    assert 0 < left <= 30
    Wait.objects.update(due_at=true_now())
    assert wait_for_end(run).status == "completed"
