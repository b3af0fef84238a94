"""Steps in queues: who takes them, who takes over, and what an answer is good for."""

import threading
from uuid import UUID

import pytest
from django.db import connection

from flows.conductor.held import Outcome
from flows.conductor.process import PROCESS
from flows.conductor.remote.served import Served
from flows.conductor.remote.taking import (
    answer_step,
    give_back,
    take_back,
    take_steps,
)
from flows.conductor.store import open_store
from flows.models import Inbox, Remote, Run, Step
from flows.selectors import run_document, wait_for_run
from flows.services.steering import (
    request_cancel,
    request_cancel_step,
    request_pause,
    request_resume,
    resolve_doubt,
)
from model_registry.resolving import forget
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import Event, load, verify
from tests.factories.flows import make_flow, make_run
from tests.factories.models import make_model_version
from tests.fixtures.stack import wait_for_end, wait_until

pytestmark = pytest.mark.both_databases
ALL = Served()
BESIDE = "in -> call -> join, in -> wait -> join, join -> out"
GPU = {"runs": "wait", "queue": "gpu"}


@pytest.fixture
def driver(transactional_db, monkeypatch):
    """A conductor in this process that takes no steps from queues."""
    forget()
    monkeypatch.setattr(PROCESS, "served", Served(frozenset()))
    PROCESS.start()
    yield PROCESS
    PROCESS.stop()
    connection.close()


@pytest.fixture
def store(transactional_db):
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def make_worker(store):
    """Makes workers of queues that live until they are buried."""
    certificates = []

    def make() -> UUID:
        worker_id = new_id()
        certificates.append(store.certificate(worker_id))
        certificates[-1].hold()
        store.register(worker_id, "by hand", "remote", "gpu")
        return worker_id

    yield make
    for certificate in certificates:
        certificate.drop()


@pytest.fixture
def worker_id(make_worker):
    return make_worker()


def request_run(url, drawing="in -> call -> out", *, more=None, **config) -> Run:
    return make_run(
        drawing,
        types={"call": "http_request"},
        configs={"call": {"url": url, "method": "POST", **config}},
        more={"call": {"queue": "gpu", **(more or {})}},
    )


def model_run(*args, **keys) -> Run:
    return make_run(*args, **GPU, **keys)


def queued(run, count=1) -> Remote:
    """Wait until the run is parked with steps in a queue. Returns: the last of them."""
    rows = Remote.objects.filter(run=run).order_by("id")
    wait_until(lambda: rows.count() == count, f"{count} steps in queues")
    parked = Run.objects.filter(pk=run.pk, status="waiting", owner_id=None)
    wait_until(parked.exists, "a run that nobody holds")
    return rows.last()


def statuses(run):
    return dict(run.steps.order_by("seq").values_list("address", "status"))


def kinds(run):
    events = Event.objects.filter(chain_id=run.pk).order_by("seq")
    return list(events.values_list("kind", flat=True))


def output_of(run):
    document = run_document(run)
    return document["error"] or document["output"]


def test_a_model_of_a_queue_is_called_by_whoever_takes_from_it(live_conductor):
    run = model_run(configs={"model": {"model": "echo", "input": {}}})
    assert wait_for_end(run).status == "completed"
    step = Step.objects.get(run=run, node_id="model")
    assert (step.model, step.model_version, step.port) == ("echo", 1, "out")
    assert "step.queued" in kinds(run)
    assert not Remote.objects.exists()
    assert not Inbox.objects.exists()
    assert verify().flaws == []


def test_large_requests_and_answers_go_by_blobs(live_conductor):
    text = "".join(str(new_id()) for _ in range(500))
    run = model_run(
        configs={
            "model": {"model": "echo", "input": {"text": "input.text"}},
            "out": {"values": {"text": "steps.model.text"}},
        },
        input={"text": text},
    )
    assert output_of(wait_for_end(run)) == {"text": text}
    assert verify().flaws == []


def test_a_node_may_name_the_queue_itself(service, live_conductor):
    run = request_run(service.url("answers"), body={"n": "1"}, headers={"X-N": "2"})
    assert wait_for_end(run).status == "completed"
    assert service.last["body"] == '{"n":1}'
    assert service.last["headers"]["x-n"] == "2"
    assert "step.queued" in kinds(run)


def test_a_failure_elsewhere_fails_by_its_code(service, live_conductor):
    run = request_run(service.url("status?code=500"))
    assert output_of(wait_for_end(run))["code"] == "http_status"
    assert verify().flaws == []


def test_a_failed_step_goes_to_its_queue_again(service, live_conductor):
    run = request_run(
        service.url("breaks-once"),
        idempotency="header",
        more={"retry": {"attempts": 2, "backoff_s": 0.1}},
    )
    assert wait_for_end(run).status == "completed"
    keys = [each["headers"]["idempotency-key"] for each in service.asked]
    assert keys == [f"{run.pk}/call"] * 2
    assert kinds(run).count("step.queued") == 2


def test_whoever_waits_for_a_run_waits_for_its_steps_elsewhere(live_conductor):
    run = model_run()
    found = wait_for_run(run.workspace, run.pk, seconds=30)
    assert found.status == "completed"


def test_a_run_whose_queue_nobody_serves_is_parked(driver):
    run = model_run()
    step = queued(run)
    assert (step.queue, step.address, step.attempt) == ("gpu", "model", 1)
    assert statuses(run)["model"] == "waiting"


def test_the_version_is_settled_when_the_step_goes_to_its_queue(driver, worker_id):
    flow = make_flow(**GPU)
    run = make_run(flow=flow)
    queued(run)
    make_model_version(
        workspace=flow.workspace,
        model="echo",
        settings={"entry_point": "echo", "options": {"n": 2}},
    )
    (step,) = take_steps(worker_id, ALL, computes=False, limit=10)
    request = load(bytes(step.request))
    use = {"data_class": None, "takes_drafts": False}
    call = {"model": "echo", "version": 1, "input": {}, "use": use}
    assert request == {"call": {**call, "tag": flow.slug}}


def test_a_cancelled_run_takes_its_steps_out_of_the_queue(driver):
    run = model_run()
    queued(run)
    request_cancel(run, actor="user:someone")
    assert wait_for_end(run).status == "cancelled"
    assert not Remote.objects.exists()
    assert statuses(run)["model"] == "cancelled"
    assert verify().flaws == []


def test_rule_10_a_join_that_needs_it_no_more_takes_a_step_out_of_the_queue(driver):
    run = model_run(
        "in -> model -> join, in -> a -> wait -> join, join -> out",
        configs={"join": {"mode": "any"}, "wait": {"for_s": "0.1"}},
    )
    assert wait_for_end(run).status == "completed"
    assert not Remote.objects.exists()
    assert statuses(run)["model"] == "cancelled"
    assert verify().flaws == []


def test_rule_30_an_answer_to_a_step_that_was_given_up_is_dropped(driver, worker_id):
    run = model_run()
    queued(run)
    (step,) = take_steps(worker_id, ALL, computes=False, limit=10)
    request_cancel(run, actor="user:someone")
    wait_for_end(run)
    assert not answer_step(step, worker_id, Outcome(output={}, port="out"))
    assert not Inbox.objects.exists()


def test_rule_30_an_answer_holds_whoever_has_held_the_run_since(driver, worker_id):
    run = model_run()
    queued(run)
    (step,) = take_steps(worker_id, ALL, computes=False, limit=10)
    before = Run.objects.get(pk=run.pk).epoch
    request_pause(run, actor="user:someone")
    paused = Run.objects.filter(pk=run.pk, status="paused", owner_id=None)
    wait_until(paused.exists, "a paused run")
    assert answer_step(step, worker_id, Outcome(output={}, port="out"))
    run.refresh_from_db()
    request_resume(run, actor="user:someone")
    assert wait_for_end(run).status == "completed"
    assert run.epoch > before
    assert verify().flaws == []


def test_rule_30_an_answer_counts_once(driver, worker_id):
    run = model_run()
    queued(run)
    (step,) = take_steps(worker_id, ALL, computes=False, limit=10)
    outcome = Outcome(output={}, port="out")
    assert answer_step(step, worker_id, outcome)
    assert not answer_step(step, worker_id, outcome)
    assert wait_for_end(run).status == "completed"


def test_rule_30_who_was_declared_dead_answers_nothing(driver, worker_id, store):
    run = model_run()
    queued(run)
    (step,) = take_steps(worker_id, ALL, computes=False, limit=10)
    store.bury(worker_id)
    free = Remote.objects.filter(owner_id=None, lost=1)
    wait_until(free.exists, "the sweep of the conductor")
    assert not answer_step(step, worker_id, Outcome(output={}, port="out"))


def test_every_step_is_taken_by_one_worker(driver, make_worker):
    flow = make_flow(**GPU)
    for _ in range(20):
        queued(make_run(flow=flow))
    taken, ready = [], threading.Barrier(4)

    def take(worker_id):
        ready.wait(30)
        for _ in range(20):
            for step in take_steps(worker_id, ALL, computes=False, limit=5):
                taken.append(step.pk)
        connection.close()

    threads = [threading.Thread(target=take, args=[make_worker()]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == len(set(taken)) == 20


def test_only_queues_that_are_served_are_looked_at(driver, worker_id, store):
    queued(model_run())
    only_cpu = Served(frozenset({"cpu"}), runs=False)
    assert not store.has_remotes(["cpu"])
    assert store.has_remotes(["cpu", "gpu"])
    assert store.has_remotes(None)
    assert take_steps(worker_id, only_cpu, computes=False, limit=10) == []
    assert take_steps(worker_id, ALL, computes=True, limit=10) == []


def test_what_is_urgent_is_taken_first(driver, worker_id):
    calm = make_flow(**GPU)
    urgent = make_flow(**GPU, settings={"priority": 5})
    for flow in (calm, urgent, calm):
        queued(make_run(flow=flow))
    taken = take_steps(worker_id, ALL, computes=False, limit=2)
    assert [step.priority for step in taken] == [5, 0]


def test_what_is_given_back_can_be_taken_by_others(driver, worker_id, service):
    queued(model_run())
    queued(request_run(service.url("answers")))
    assert len(take_steps(worker_id, ALL, computes=False, limit=10)) == 2
    assert give_back(worker_id) == 1
    assert Remote.objects.get(is_once=True).owner_id is not None


def test_rule_31_a_step_that_three_workers_died_of_fails(driver, store, make_worker):
    run = model_run()
    queued(run)
    for _death in range(3):
        worker_id = make_worker()
        assert take_steps(worker_id, ALL, computes=False, limit=10)
        store.bury(worker_id)
        taken = Remote.objects.filter(owner_id=worker_id)
        wait_until(lambda taken=taken: not taken.exists(), "the sweep")
    assert output_of(wait_for_end(run))["code"] == "remote_worker_lost"
    assert verify().flaws == []


def test_what_must_not_happen_twice_is_in_doubt_once_its_worker_died(
    driver, store, worker_id, service
):
    run = request_run(service.url("answers"))
    queued(run)
    assert take_steps(worker_id, ALL, computes=False, limit=10)
    store.bury(worker_id)
    doubtful = Step.objects.filter(run=run, status="in_doubt")
    wait_until(doubtful.exists, "a step in doubt")
    assert load(bytes(doubtful.get().result))["code"] == "remote_worker_lost"
    assert not Remote.objects.exists()
    resolve_doubt(run, "call", "not_done", None, actor="user:someone")
    assert queued(run).attempt == 2
    assert verify().flaws == []


def test_what_may_have_happened_is_recorded_although_nobody_needs_it(
    driver, worker_id, service
):
    run = request_run(service.url("answers"), BESIDE)
    queued(run)
    (step,) = take_steps(worker_id, ALL, computes=False, limit=10)
    request_cancel_step(run, "call", actor="user:someone")
    detached = Step.objects.filter(run=run, address="call", status="detached")
    wait_until(detached.exists, "the step nobody needs")
    assert answer_step(step, worker_id, Outcome(output={"n": 1}, port="out"))
    wait_until(lambda: "step.late" in kinds(run), "its late answer")
    assert load(bytes(detached.get().result)) == {"n": 1}
    assert verify().flaws == []


def test_what_must_not_happen_twice_is_cancelled_with_its_run_if_nobody_had_it(
    driver, service
):
    run = request_run(service.url("answers"))
    queued(run)
    request_cancel(run, actor="user:someone")
    assert wait_for_end(run).status == "cancelled"
    assert statuses(run)["call"] == "cancelled"
    assert not Remote.objects.exists()
    assert service.asked == []
    assert verify().flaws == []


def test_what_a_worker_has_when_its_run_is_cancelled_is_detached(
    driver, worker_id, service
):
    run = request_run(service.url("answers"))
    queued(run)
    assert take_steps(worker_id, ALL, computes=False, limit=10)
    request_cancel(run, actor="user:someone")
    assert wait_for_end(run).status == "cancelled"
    assert statuses(run)["call"] == "detached"


def test_what_was_answered_counts_as_begun(driver, worker_id, service):
    run = request_run(service.url("answers"), BESIDE)
    queued(run)
    (step,) = take_steps(worker_id, ALL, computes=False, limit=10)
    assert not take_back(run.pk, "call")
    Run.objects.filter(pk=run.pk).update(status="poisoned")  # nobody takes its mail
    assert answer_step(step, worker_id, Outcome(output={}, port="out"))
    assert not take_back(run.pk, "call")
    Inbox.objects.all().delete()
    assert take_back(run.pk, "call")


def test_nobody_takes_what_was_given_up_before_anybody_had_it(
    driver, worker_id, service
):
    run = request_run(service.url("answers"), BESIDE)
    queued(run)
    request_cancel_step(run, "call", actor="user:someone")
    wait_until(lambda: statuses(run)["call"] == "cancelled", "the step nobody needs")
    assert take_steps(worker_id, ALL, computes=False, limit=10) == []
