"""How many runs a conductor claims: no more than it can carry out."""

import math
import threading

import pytest

from flows.conductor import executor, loop, wakefulness
from flows.conductor.flushing import Committer
from flows.conductor.loop import Bell, Conductor
from tests.factories.flows import make_flow, make_run
from tests.fixtures.stack import wait_until


@pytest.fixture
def conductor(transactional_db):
    """A conductor whose turns the test takes, with a lease that never ends."""
    conductor = Conductor()
    conductor._committer = Committer(threading.Event())
    conductor._lease._last_good = math.inf
    yield conductor
    conductor._calls.stop()
    conductor._let_go()
    conductor._committer.store.close()


def turn(conductor, *, glance=False) -> int:
    """Let it hear a bell. Returns: how many runs it holds then."""
    conductor._mailbox.put(Bell(glance=glance))
    conductor._turn()
    return len(conductor._runs)


@pytest.fixture
def five_calls(gate, monkeypatch):
    """Five runs that each call a model, for three threads."""
    monkeypatch.setattr(executor, "THREADS", 3)
    for _ in range(5):
        gate.make_run()
    return gate


def test_no_more_runs_are_claimed_than_there_are_threads(conductor, five_calls):
    assert turn(conductor) == 3
    assert turn(conductor) == 3


def test_runs_are_claimed_as_soon_as_threads_are_free(conductor, five_calls):
    turn(conductor)
    five_calls.open()
    wait_until(lambda: turn(conductor, glance=True) == 0, "the end of all runs")
    assert five_calls.calls == 5


def test_glance_claims_what_may_not_need_a_thread(conductor, five_calls):
    turn(conductor)
    assert turn(conductor, glance=True) == 5


def test_many_ready_runs_are_claimed_in_portions(conductor, monkeypatch):
    monkeypatch.setattr(loop, "PORTION", 2)
    flow = make_flow("in -> wait -> out")
    claims = []
    claim = conductor._committer.store.claim
    monkeypatch.setattr(
        conductor._committer.store,
        "claim",
        lambda *args: claims.append(len(found := claim(*args))) or found,
    )
    for _ in range(5):
        make_run(flow=flow)
    for _ in range(3):
        turn(conductor)
    assert claims == [2, 2, 1]


@pytest.mark.parametrize(("has_siblings", "bells"), [(True, 1), (False, 0)])
def test_sibling_is_told_of_many_ready_runs_once(
    conductor, monkeypatch, has_siblings, bells
):
    monkeypatch.setattr(loop, "PORTION", 1)
    monkeypatch.setattr(wakefulness, "SHARE_EVERY_S", 3600)
    sent = []
    monkeypatch.setattr(wakefulness, "send_bell", lambda: sent.append(1))
    conductor._lease.has_siblings = has_siblings
    flow = make_flow("in -> wait -> out")
    for _ in range(3):
        make_run(flow=flow)
    for _ in range(3):
        turn(conductor)
    assert len(sent) == bells
