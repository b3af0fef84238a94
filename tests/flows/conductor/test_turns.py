"""Turns that stage more than a commit should hold, and a worker that dies after one."""

import pytest

from flows.conductor import advancing
from flows.conductor.ending import finish_step
from flows.conductor.held import Outcome
from flows.conductor.mail import take_mail
from flows.models import Inbox, Run
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_run
from tests.flows.conductor.test_retrying import Life, store
from tests.flows.conductor.watching import steps_of

__all__ = ["store"]
pytestmark = pytest.mark.both_databases

WAITS = [f"wait{number}" for number in range(1, 7)]
RACE = ", ".join(["in -> model -> join -> out", *(f"in -> {w} -> join" for w in WAITS)])


@pytest.fixture
def life(store, monkeypatch):
    """A worker's hold on a run with six open waits and a call; its turns are short."""
    run = make_run(RACE, runs="wait", configs={"join": {"mode": "any"}})
    life = Life(store)
    life.commit()
    assert len(life.run.waiting) == len(WAITS)
    monkeypatch.setattr(advancing, "STEPS_A_TURN", 2)
    assert run.pk == life.run.id
    return life


def test_what_a_join_gives_up_is_recorded_although_the_turn_is_full(life):
    finish_step(life.run, "model", Outcome(output={}, port="out"))
    life.commit()
    life.die()
    second = Life(life.store)
    while second.run.agenda:
        second.commit()
    run = Run.objects.get(pk=life.run.id)
    assert run.status == "completed"
    assert {steps_of(run)[wait] for wait in WAITS} == {"cancelled"}
    assert verify().flaws == []


def test_a_cancelled_run_has_ended_with_the_commit_that_takes_the_mail(life):
    Inbox.objects.create(run_id=life.run.id, kind="cancel", actor="user:x")
    (mail,) = life.store.inbox(life.id)
    take_mail(life.run, mail)
    life.commit()
    run = Run.objects.get(pk=life.run.id)
    assert run.status == "cancelled"
    assert {steps_of(run)[wait] for wait in WAITS} == {"cancelled"}
    assert verify().flaws == []
