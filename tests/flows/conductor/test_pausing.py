"""Runs that somebody has paused, and a worker that dies meanwhile."""

import pytest

from flows.conductor.advancing import advance
from flows.conductor.ending import finish_step
from flows.conductor.held import Flight, Outcome
from flows.conductor.mail import take_mail
from flows.models import Inbox, Run
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_run
from tests.flows.conductor.test_retrying import Life, store

__all__ = ["store"]
pytestmark = pytest.mark.both_databases


def ask(run, life, kind):
    Inbox.objects.create(run=run, kind=kind, actor="user:x")
    (mail,) = life.store.inbox(life.id)
    take_mail(life.run, mail)
    life.commit()


def test_a_pause_survives_the_worker_that_waits_for_a_call(store):
    run = make_run("in -> model -> a -> out", runs="wait")
    first = Life(store)
    first.commit()
    first.run.flights["model"] = Flight(60)
    ask(run, first, "pause")
    assert Run.objects.get(pk=run.pk).status == "running"
    first.die()
    second = Life(store)
    advance(second.run)
    assert second.run.calls == []
    assert second.run.is_idle
    ask(run, second, "resume")
    assert [address for address, _ in second.run.calls] == ["model"]
    finish_step(second.run, "model", Outcome(output={}, port="out"))
    second.commit()
    ended = Run.objects.get(pk=run.pk)
    assert (ended.status, ended.paused_at) == ("completed", None)
    assert verify().flaws == []
