"""Runs of a benchmark: stored at once, started one by one, and followed to their end."""

import time
from collections.abc import Iterable
from threading import Event
from uuid import UUID

import orjson
import redis
from django.conf import settings

from flows.conductor.compiled import read_document
from flows.conductor.process import PROCESS
from flows.dispatch import ring
from flows.models import Run
from flows.services.accepting import Plan, begin
from flows.services.runs import RunRequest, start_run
from orchestrator_site.ledger.api import insert
from orchestrator_site.live.announcing import CHANNEL

ACTOR = "system:bench"
LOOK_S = 1.0


def store(flow, inputs: Iterable[dict]) -> list[UUID]:
    """Insert runs in one statement, with the first event of each; nobody is told."""
    version = flow.published
    graph = read_document(bytes(version.document))
    begun = [
        begin(Plan(request_of(flow, value), version, b"", graph.settings))
        for value in inputs
    ]
    insert([each.first for each in begun])
    Run.objects.bulk_create([each.run for each in begun])
    return [each.run.pk for each in begun]


def request_of(flow, value) -> RunRequest:
    return RunRequest(flow=flow, input=value, actor=ACTOR)


def start(flow, value) -> UUID:
    """Accept one run in a transaction of its own, and ring."""
    return start_run(request_of(flow, value)).run.pk


def drive(flow, value) -> float:
    """Seconds for a stored run, driven in this process as the web process does."""
    run = start_run(request_of(flow, value), driver=PROCESS.find_driver()).run
    began = time.perf_counter()
    _wait(PROCESS.drive(run), run.pk)
    return time.perf_counter() - began


def drive_accepted(flow, value) -> float:
    """Seconds for a run from its acceptance on, in this process."""
    began = time.perf_counter()
    run = start_run(request_of(flow, value), driver=PROCESS.find_driver()).run
    _wait(PROCESS.drive(run), run.pk)
    return time.perf_counter() - began


def _wait(ended: Event, run_id: UUID) -> None:
    if not ended.wait(60):
        raise TimeoutError(f"Run {run_id} has not ended.")


class Ends:
    """Hears of runs over Valkey, as the web process does, and knows when they are over.

    `last` is the number of the last event of a run of the flow, found by a first run.
    """

    def __init__(self) -> None:
        self._client = redis.Redis.from_url(settings.CELERY_BROKER_URL)
        self._pubsub = self._client.pubsub(ignore_subscribe_messages=True)
        self._pubsub.subscribe(CHANNEL)
        self._pubsub.get_message(timeout=5)
        self._seen: dict[str, int] = {}

    def wait(self, ids: Iterable[UUID], last: int) -> None:
        """Return once every run has ended."""
        open_ = {f"run:{run_id}" for run_id in ids}
        open_ = {topic for topic in open_ if self._seen.pop(topic, 0) < last}
        while open_:
            message = self._pubsub.get_message(timeout=LOOK_S)
            if message is None:
                open_ -= _ended(open_)
                continue
            news = orjson.loads(message["data"])
            if news["topic"] in open_ and news["id"] >= last:
                open_.discard(news["topic"])

    def last_of(self, flow, value) -> int:
        """Play one run and read the number of its last event."""
        run_id = start(flow, value)
        self.wait([run_id], 1_000_000_000)
        return Run.objects.get(pk=run_id).seq

    def close(self) -> None:
        self._pubsub.close()
        self._client.close()


def _ended(topics: set[str]) -> set[str]:
    """Those of which nothing was heard, but which are over."""
    ids = [topic.removeprefix("run:") for topic in topics]
    over = Run.objects.filter(pk__in=ids, ended_at__isnull=False)
    return {f"run:{run_id}" for run_id in over.values_list("pk", flat=True)}


def ring_and_wait(ends: Ends, ids: list[UUID], last: int) -> float:
    """Seconds from the bell to the news of the last run's end."""
    began = time.perf_counter()
    ring()
    ends.wait(ids, last)
    return time.perf_counter() - began
