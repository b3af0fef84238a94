"""Steps in queues, with workers as `up` starts them: who serves what, who takes over."""

import pytest

from flows.conductor.remote.served import Served
from flows.models import Step, Worker
from flows.services.steering import request_cancel, resolve_doubt
from orchestrator_site.ledger.api import load, verify
from tests.factories.flows import make_run
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.conductor.test_remote import queued, request_run

pytestmark = pytest.mark.both_databases


def test_a_worker_of_a_queue_does_what_others_leave(workers, gate):
    run = gate.make_run(runs="cpu", queue="gpu")
    workers.start("runs")
    queued(run)
    workers.start("gpu,other")
    gate.wait_for_calls(1)
    gate.open()
    assert wait_for_end(run).status == "completed"
    kinds_of = dict(Worker.objects.values_list("kind", "queues"))
    assert kinds_of == {"worker": "", "remote": "gpu other"}


def test_another_worker_takes_over_from_a_killed_one(workers, service):
    run = request_run(service.url("answers-later"), idempotency="header")
    workers.start("runs")
    first = workers.start("gpu")
    wait_until(lambda: service.asked, "the request")
    workers.kill(first)
    workers.start("gpu")
    wait_until(lambda: len(service.asked) == 2, "the same request by another worker")
    service.released.set()
    assert wait_for_end(run).status == "completed"
    assert {each["headers"]["idempotency-key"] for each in service.asked} == {
        f"{run.pk}/call"
    }
    assert verify().flaws == []


def test_a_killed_worker_of_a_queue_leaves_a_doubt_where_once_is_all(workers, service):
    run = request_run(service.url("hangs"))
    workers.start("runs")
    first = workers.start("gpu")
    wait_until(lambda: service.asked, "the request")
    workers.kill(first)
    workers.start("gpu")
    doubtful = Step.objects.filter(run=run, status="in_doubt")
    wait_until(doubtful.exists, "a step in doubt")
    assert len(service.asked) == 1
    output = {"status": 200, "headers": {}, "body": None}
    resolve_doubt(run, "call", "done", output, actor="user:someone")
    assert wait_for_end(run).status == "completed"
    assert len(service.asked) == 1
    assert verify().flaws == []


def test_what_computes_for_nobody_any_more_is_stopped(workers, gate):
    """The gate stays shut, so that only a stopped child takes up the second run."""
    first = gate.make_run(runs="cpu", queue="gpu")
    workers.start("runs")
    workers.start("gpu")
    gate.wait_for_calls(1)
    second = make_run(flow=first.flow, input=load(bytes(first.input)))
    request_cancel(first, actor="user:someone")
    assert wait_for_end(first).status == "cancelled"
    gate.wait_for_calls(2)
    gate.open()
    assert wait_for_end(second).status == "completed"
    assert verify().flaws == []


@pytest.mark.parametrize(
    ("names", "served"),
    [
        (None, Served(None, runs=True)),
        (["runs"], Served(frozenset(), runs=True)),
        (["gpu", "cpu"], Served(frozenset({"cpu", "gpu"}), runs=False)),
        (["runs", "cpu"], Served(frozenset({"cpu"}), runs=True)),
    ],
)
def test_a_worker_serves_the_queues_that_it_is_told(names, served):
    assert Served.by_names(names, "runs") == served
