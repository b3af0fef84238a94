"""Requests that wait: their process drives the run itself, as far as it may."""

import orjson
import pytest
import redis
from django.conf import settings
from django.db import connection

from flows.conductor import guest
from flows.conductor.process import PROCESS
from flows.models import Worker
from flows.selectors import has_live_worker
from flows.services.runs import RunRequest, start_run
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import verify
from orchestrator_site.live.announcing import CHANNEL
from tests.factories.flows import make_flow
from tests.fixtures.stack import wait_for_end, wait_until
from tests.flows.api.test_runs import start

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def web(transactional_db):
    """A process that answers requests, as `orchestrator_site.asgi` makes it one."""
    PROCESS.allow_driving()
    yield
    PROCESS.stop_driving()
    connection.close()


def owners():
    return set(Worker.objects.values_list("kind", flat=True))


def test_a_waited_run_needs_no_worker(web, api, workspace):
    flow = make_flow("in -> a -> model -> out", workspace=workspace)
    run = start(api, flow, wait=30).json()
    assert run["status"] == "completed"
    assert [step["status"] for step in run["steps"]] == ["completed"] * 4
    assert owners() == {"web"}
    assert not has_live_worker()
    assert verify().flaws == []


def test_lists_are_told_of_a_waited_run(web, api, workspace):
    flow = make_flow("in -> a -> model -> out", workspace=workspace)
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        pubsub = client.pubsub(ignore_subscribe_messages=True)
        pubsub.subscribe(CHANNEL)
        pubsub.get_message(timeout=30)
        start(api, flow, wait=30)
        heard: set[tuple[str, str]] = set()

        def is_told() -> bool:
            if message := pubsub.get_message(timeout=1):
                news = orjson.loads(message["data"])
                heard.add((news["workspace"], news["topic"]))
            return (str(workspace.pk), "runs") in heard

        wait_until(is_told, "news for the lists of runs")
        pubsub.close()


def test_a_run_whose_model_computes_is_for_a_worker(
    web, live_conductor, api, workspace
):
    flow = make_flow("in -> a -> model -> out", workspace=workspace, runs="cpu")
    run = start(api, flow, wait=30).json()
    assert run["status"] == "completed"
    assert owners() == {"web", "worker"}
    assert verify().flaws == []


def test_a_run_that_parks_is_for_a_worker(web, api, workspace):
    flow = make_flow(
        "in -> wait -> out", workspace=workspace, configs={"wait": {"for_s": "3600"}}
    )
    run = start(api, flow, wait=30).json()
    assert run["status"] == "waiting"


def test_a_run_that_nobody_waits_for_stays_with_the_workers(web, api, workspace):
    run = start(api, make_flow(workspace=workspace)).json()
    assert run["status"] == "queued"
    assert not Worker.objects.exists()


def test_a_run_over_its_limit_waits_for_its_slot(web, live_conductor, api, workspace):
    limit = {"concurrency": {"limit": 1}}
    flow = make_flow("in -> a -> model -> out", workspace=workspace, settings=limit)
    runs = [start(api, flow, wait=30).json() for _ in range(2)]
    assert [run["status"] for run in runs] == ["completed"] * 2
    assert verify().flaws == []


def test_a_run_stored_for_a_driver_that_is_dead_goes_on(web, live_conductor, workspace):
    flow = make_flow(workspace=workspace)
    request = RunRequest(flow=flow, input={"n": 1}, actor="system:test")
    run = start_run(request, driver=new_id()).run
    assert PROCESS.drive(run).wait(30)
    assert wait_for_end(run).status == "completed"


def test_a_run_stored_for_this_process_and_never_driven_goes_on(
    web, live_conductor, workspace, monkeypatch
):
    monkeypatch.setattr(guest, "STRAY_S", 0.1)
    flow = make_flow(workspace=workspace)
    request = RunRequest(flow=flow, input={"n": 1}, actor="system:test")
    run = start_run(request, driver=PROCESS.find_driver()).run
    assert run.owner_id == PROCESS.find_driver()
    assert wait_for_end(run).status == "completed"


def test_the_same_request_again_reads_the_run(web, api, workspace):
    flow = make_flow(workspace=workspace)
    first = start(api, flow, key="k", wait=30).json()
    again = start(api, flow, key="k", wait=30)
    assert again.status_code == 200
    assert again.json() == first
