"""Requests that waited in a queue: what has changed meanwhile is seen before they leave."""

import math
import threading
import time
from queue import SimpleQueue

import pytest
from django.db import OperationalError, connection

from flows.conductor import lease as lease_module
from flows.conductor.executor import THREADS, Executor
from flows.conductor.fetching import Errand, fetch
from flows.conductor.lease import LEASE_S, Lease
from flows.conductor.store import open_store
from flows.nodes.base import Fetch
from orchestrator_site.accounts.api import new_id
from orchestrator_site.egress import api as egress
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


def test_rule_26_a_request_whose_worker_dies_while_the_database_is_away_never_leaves(
    service, executor, lease, monkeypatch
):
    """What it may ask is read only after another worker has taken the run over."""

    def read(workspace_id):
        if not reads:
            reads.append("away")
            raise OperationalError("the server is being restarted")
        reads.append("there again")
        lease.worker_id = new_id()
        return allowance(workspace_id)

    reads, allowance = [], egress.workspace_allowance
    monkeypatch.setattr(egress, "workspace_allowance", read)
    executor.fetch(errand(service, lease.worker_id))
    wait_until(lambda: len(reads) == 2, "the database to be there again")
    wait_until(lambda: executor.free == THREADS, "the end of the request")
    assert executor.delivered.empty()
    assert service.asked == []


def test_rule_26_nothing_leaves_once_the_lease_has_lost_its_database(
    lease, monkeypatch
):
    if connection.vendor != "postgresql":
        pytest.skip("nobody can end a connection to SQLite")
    there_again = threading.Event()

    def connect():
        there_again.wait(30)
        return open_store()

    monkeypatch.setattr(lease_module, "open_store", connect)
    monkeypatch.setattr(lease_module, "LEASE_S", math.inf)
    before = lease.worker_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        )
    wait_until(lambda: not lease.is_safe(), "a lease in doubt")
    there_again.set()
    wait_until(lease.is_safe, "a lease entered anew")
    assert lease.worker_id != before


@pytest.mark.django_db
def test_a_request_whose_time_has_passed_in_the_queue_never_leaves(service):
    outcome = fetch(errand(service, new_id(), seconds=-1), lambda: True)
    assert (outcome.error["code"], outcome.is_in_doubt) == ("egress_timed_out", False)
    assert service.asked == []


@pytest.mark.django_db
def test_a_crash_of_ours_leaves_a_doubt_where_once_is_all(service):
    broken = errand(service, new_id())._replace(
        call=Fetch(method="POST", url=service.url("answers"), headers=None)
    )
    outcome = fetch(broken, lambda: True)
    assert (outcome.error["code"], outcome.is_in_doubt) == ("request_crashed", True)
