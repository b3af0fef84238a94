"""Announcements leave after the commit, and nobody waits for Valkey."""

import time
from uuid import uuid4

import orjson
import pytest
import redis
from django.conf import settings
from django.db import transaction

from orchestrator_site.live import valkey as valkey_module
from orchestrator_site.live.announcing import CHANNEL
from orchestrator_site.live.api import Announcement, Valkey, announce, announce_now
from orchestrator_site.supervisor.valkey import free_port

pytestmark = pytest.mark.usefixtures("patient_valkey")
WORKSPACE = uuid4()


@pytest.fixture
def heard():
    """Reads the announcements of this test's workspace, in the order sent."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        pubsub = client.pubsub()
        pubsub.subscribe(CHANNEL)
        assert pubsub.get_message(timeout=30)["type"] == "subscribe"
        yield lambda: _read(client, pubsub)
        pubsub.close()


def _read(client, pubsub):
    client.publish(CHANNEL, b"{}")  # the end of what was said so far
    messages = []
    while (message := orjson.loads(pubsub.get_message(timeout=30)["data"])) != {}:
        if message["workspace"] == str(WORKSPACE):
            messages.append((message["topic"], message["id"]))
    return messages


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_before_the_commit(heard):
    with transaction.atomic():
        announce(WORKSPACE, "run:1", 7)
        assert heard() == []
    assert heard() == [("run:1", 7)]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_said(heard):
    with transaction.atomic():
        announce(WORKSPACE, "run:1", 7)
        transaction.set_rollback(True)
    assert heard() == []


def test_batch_arrives_whole_and_in_order(heard):
    announce_now([Announcement(WORKSPACE, "run:1", seq) for seq in range(100)])
    assert heard() == [("run:1", seq) for seq in range(100)]


def test_ids_of_lists_grow_with_time(heard):
    announce_now([Announcement(WORKSPACE, "runs")])
    first = time.time_ns() // 1_000_000
    assert 0 <= first - heard()[0][1] < 60_000


def test_absent_valkey_is_tried_once_in_a_while(caplog, monkeypatch):
    monkeypatch.setattr(valkey_module, "AWAY_S", 3600.0)
    absent = Valkey(f"redis://127.0.0.1:{free_port()}/0")
    for _ in range(1000):
        assert absent.attempt(lambda client: client.ping()) is None
    assert len(caplog.messages) == 1


def test_what_is_told_is_done_and_leaves_no_answer_behind():
    """Each command has its own answer, though the client keeps one connection."""
    server, key = Valkey(settings.CELERY_BROKER_URL), f"told:{uuid4()}"
    for number in range(3):
        server.tell("SET", key, str(number), "EX", "60")
        assert server.attempt(lambda client: client.get(key)) == str(number).encode()
    server.tell("NONSENSE")
    assert server.attempt(lambda client: client.delete(key)) == 1
