"""Requests that waited in a queue: what has changed meanwhile is seen before they leave."""

import math
import time
from queue import SimpleQueue

import pytest

from flows.conductor.executor import Executor
from flows.conductor.fetching import Errand, fetch
from flows.conductor.lease import LEASE_S, Lease
from flows.nodes.base import Fetch
from orchestrator_site.accounts.api import new_id
from tests.factories.accounts import make_workspace
from tests.fixtures.stack import wait_until


@pytest.fixture
def lease(transactional_db):
    lease = Lease(on_sweep=None)
    lease.start()
    yield lease
    lease.stop()


@pytest.fixture
def executor(lease):
    delivered = SimpleQueue()
    executor = Executor(delivered.put, lease)
    executor.delivered = delivered
    yield executor
    executor.stop()


def errand(service, holder, *, seconds=20.0, behaviour="answers") -> Errand:
    return Errand(
        run_id=new_id(),
        epoch=1,
        address="call",
        workspace_id=make_workspace().pk,
        call=Fetch(method="POST", url=service.url(behaviour)),
        ends=time.monotonic() + seconds,
        holder=holder,
        is_once=True,
    )


def test_rule_26_a_request_of_this_worker_leaves(service, executor, lease):
    executor.fetch(errand(service, lease.worker_id))
    assert executor.delivered.get(timeout=30).outcome.output["status"] == 200


def test_rule_26_a_request_of_a_worker_declared_dead_never_leaves(
    service, executor, lease
):
    executor.fetch(errand(service, new_id()))
    executor.fetch(errand(service, lease.worker_id))
    executor.delivered.get(timeout=30)
    executor.stop()
    assert executor.delivered.empty()
    assert len(service.asked) == 1


def test_rule_26_a_request_waits_for_a_recent_beat(service, executor, lease):
    lease.stop()
    lease._last_good = time.monotonic() - LEASE_S
    looks, look = [], lease.still_holds
    lease.still_holds = lambda holder: looks.append(1) or look(holder)
    executor.fetch(errand(service, lease.worker_id))
    wait_until(lambda: len(looks) > 1 or service.asked, "a second look at the lease")
    assert service.asked == []
    lease._last_good = math.inf
    assert executor.delivered.get(timeout=30).outcome.output["status"] == 200


@pytest.mark.django_db
def test_a_request_whose_time_has_passed_in_the_queue_never_leaves(service):
    outcome = fetch(errand(service, new_id(), seconds=-1))
    assert (outcome.error["code"], outcome.is_in_doubt) == ("egress_timed_out", False)
    assert service.asked == []


@pytest.mark.django_db
def test_a_crash_of_ours_leaves_a_doubt_where_once_is_all(service):
    broken = errand(service, new_id())._replace(
        call=Fetch(method="POST", url=service.url("answers"), headers=None)
    )
    outcome = fetch(broken)
    assert (outcome.error["code"], outcome.is_in_doubt) == ("request_crashed", True)
