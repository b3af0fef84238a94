"""Another try at a step, and a worker that dies in it."""

import pytest

from flows.conductor import taking
from flows.conductor.advancing import advance
from flows.conductor.ending import finish_step
from flows.conductor.held import failed
from flows.conductor.mail import take_mail
from flows.conductor.store import open_store
from flows.models import Inbox, Step
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_run

pytestmark = pytest.mark.both_databases


@pytest.fixture
def store(transactional_db):
    store = open_store()
    yield store
    store.close()


class Life:
    """One worker's time with a run, up to its death after some commit."""

    def __init__(self, store, fetch=None):
        self.store, self.id = store, self.enter(store)
        (claimed,) = store.claim(self.id, 1) or store.claim_addressed(self.id, 1)
        steps = store.recorded_steps([claimed.id])
        self.run = taking.take(claimed, steps, fetch or store.blob)

    @staticmethod
    def enter(store):
        worker_id = new_id()
        store.register(worker_id, "w")
        return worker_id

    def commit(self):
        advance(self.run)
        assert len(self.store.commit(self.id, [self.run.staged])) == 1
        self.run.staged = None
        self.run.stored_seq = self.run.seq
        self.run.stored_head = self.run.head

    def die(self):
        self.store.bury(self.id)


def fail_once(store, backoff_s):
    """A run whose model has failed once and is to be tried again."""
    retry = {"attempts": 3, "backoff_s": backoff_s, "on": ["model_timed_out"]}
    run = make_run(runs="wait", more={"model": {"retry": retry}})
    life = Life(store)
    life.commit()
    finish_step(life.run, "model", failed("model_timed_out", "Too slow."))
    return run, life


def waits_for_its_model(life):
    advance(life.run)
    return [address for address, _ in life.run.calls] == ["model"]


def test_a_try_at_once_survives_its_worker(store):
    run, life = fail_once(store, 0)
    life.commit()
    life.die()
    later = Life(store)
    assert waits_for_its_model(later)
    assert later.run.attempt("model") == 2
    rows = Step.objects.filter(run=run, address="model").order_by("attempt")
    assert [row.status for row in rows] == ["failed", "running"]
    assert verify().flaws == []


def test_a_try_after_a_while_survives_the_worker_that_took_it_up(store):
    run, life = fail_once(store, 60)
    life.run.staged.status = "waiting"
    life.commit()
    body = b'{"attempt": 2, "port": ""}'
    mail = Inbox.objects.create(run=run, kind="retry", address="model", body=body)
    taker = Life(store)
    (row,) = store.inbox(taker.id)
    take_mail(taker.run, row)
    taker.commit()
    assert not Inbox.objects.filter(pk=mail.pk).exists()
    taker.die()
    assert waits_for_its_model(Life(store))
    assert verify().flaws == []
