"""One subscription for all sockets; what it misses is found in the rows."""

import pytest
import redis
from django.conf import settings

from orchestrator_site.live import hub as hub_module
from orchestrator_site.live.announcing import CHANNEL
from orchestrator_site.live.api import Announcement
from orchestrator_site.supervisor.valkey import free_port
from tests.orchestrator_site.live.rows import ROWS
from tests.orchestrator_site.live.sockets import (
    change,
    listeners,
    on_a_loop,
    opened,
    publish,
)


def cut_subscriptions() -> None:
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
        client.client_kill_filter(_type="pubsub")


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(hub_module, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(hub_module, "LONGEST_PAUSE_S", 0.02)


@on_a_loop
async def test_pages_of_one_process_share_a_subscription(session_key):
    async with opened(session_key) as first, opened(session_key) as second:
        await first.watch_and_listen({"runs": None})
        with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
            before = listeners(client)  # those of earlier loops may be among them
            await second.watch_and_listen({"runs": None})
            await second.news()
            assert listeners(client) <= before


@on_a_loop
async def test_subscription_that_was_cut_is_taken_up_again(
    session_key, workspace_id, things, impatient
):
    topic = things(workspace_id, 1)
    async with opened(session_key) as page:
        await page.watch_and_listen({topic: 1})
        cut_subscriptions()
        ROWS[workspace_id, topic.removeprefix("thing:")] = 2
        assert await page.news() == (topic, 2)
        await page.watch_and_listen({topic: 2})
        change(workspace_id, topic, 3)
        assert await page.news() == (topic, 3)


@on_a_loop
async def test_without_valkey_changes_are_found_in_the_rows(
    session_key, workspace_id, things, impatient, settings
):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    topic = things(workspace_id, 1)
    async with opened(session_key) as page:
        await page.watch({topic: None})
        assert await page.news() == (topic, 1)
        ROWS[workspace_id, topic.removeprefix("thing:")] = 2
        assert await page.news() == (topic, 2)


@on_a_loop
async def test_stray_messages_do_no_harm(session_key, workspace_id, things):
    topic = things(workspace_id, 1)
    async with opened(session_key) as page:
        await page.watch_and_listen({topic: 1})
        with redis.Redis.from_url(settings.CELERY_BROKER_URL) as client:
            for stray in (
                b"",
                b"{",
                b"[]",
                b'{"workspace": "x", "topic": "", "id": 1}',
            ):
                client.publish(CHANNEL, stray)
        change(workspace_id, topic, 2)
        assert await page.news() == (topic, 2)


@on_a_loop
async def test_slow_page_is_told_only_the_newest(session_key, workspace_id, things):
    topic = things(workspace_id, 1)
    async with opened(session_key) as page:
        await page.watch_and_listen({topic: 1})
        ROWS[workspace_id, topic.removeprefix("thing:")] = 499
        publish(*(Announcement(workspace_id, topic, seq) for seq in range(2, 500)))
        told = [await page.news()]
        while told[-1] != (topic, 499):
            told.append(await page.news())
        assert len(told) < 100
