"""Parked runs are gone on with as they were, unless somebody else held them."""

import pytest

from flows.conductor.advancing import advance
from flows.conductor.parked import Parked
from flows.conductor.store import open_store
from flows.conductor.taking import take
from flows.models import Run
from tests.factories.flows import make_run
from tests.flows.conductor.holding import Holder

pytestmark = pytest.mark.both_databases


@pytest.fixture
def holder(transactional_db):
    store = open_store()
    yield Holder(store)
    store.close()


def park(holder):
    """A run that waits, let go of; and the memory that keeps it."""
    make_run("in -> wait -> out", configs={"wait": {"for_s": "3600"}})
    (claimed,) = holder.claim()
    run = take(claimed, (), holder.store.blob)
    advance(run)
    run.staged.status = "waiting"
    assert holder.commit(run.staged) == [run.id]
    run.staged, run.stored_seq, run.stored_head = None, run.seq, run.head
    parked = Parked()
    parked.keep(run)
    return parked, run


def claim_again(holder):
    Run.objects.update(status="running")
    (claimed,) = holder.claim()
    return claimed


def test_a_run_that_nobody_held_since_is_the_same(holder):
    parked, run = park(holder)
    claimed = claim_again(holder)
    assert parked.take_back(claimed) is run
    assert (run.epoch, run.claimed) == (claimed.epoch, claimed)
    assert run.values["in"] == {}


def test_a_run_is_taken_back_once(holder):
    parked, _run = park(holder)
    claimed = claim_again(holder)
    parked.take_back(claimed)
    assert parked.take_back(claimed) is None


def test_a_run_that_somebody_else_held_is_folded_anew(holder):
    parked, _run = park(holder)
    claim_again(holder)
    Run.objects.update(owner_id=None)
    assert parked.take_back(claim_again(holder)) is None


def test_a_run_that_took_a_worker_down_is_folded_anew(holder):
    parked, _run = park(holder)
    Run.objects.update(crashes=1)
    assert parked.take_back(claim_again(holder)) is None
