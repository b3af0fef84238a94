"""What a page is told, and when its socket is closed."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session

from orchestrator_site.live.api import Announcement
from orchestrator_site.live.consumer import LiveConsumer
from tests.factories.accounts import make_workspace
from tests.orchestrator_site.live.rows import ROWS
from tests.orchestrator_site.live.sockets import (
    Page,
    announced_again_and_again,
    change,
    on_a_loop,
    opened,
    publish,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def checks_often(monkeypatch):
    monkeypatch.setattr(LiveConsumer, "check_every_s", 0.05)


@on_a_loop
async def test_page_hears_what_it_watches(session_key, workspace_id, things):
    topic = things(workspace_id, 4)
    async with opened(session_key) as page:
        await page.watch_and_listen({topic: None})
        assert await page.news() == (topic, 4)
        change(workspace_id, topic, 5)
        assert await page.news() == (topic, 5)


@on_a_loop
async def test_page_that_knows_the_last_id_hears_only_what_is_newer(
    session_key, workspace_id, things
):
    known, missed = things(workspace_id, 4), things(workspace_id, 9)
    async with opened(session_key) as page:
        await page.watch_and_listen({known: 4, missed: 4})
        assert await page.news() == (missed, 9)
        publish(Announcement(workspace_id, known, 4))
        change(workspace_id, known, 5)
        assert await page.news() == (known, 5)


@on_a_loop
async def test_page_that_comes_back_hears_what_it_missed(
    session_key, workspace_id, things
):
    topic = things(workspace_id, 1)
    async with opened(session_key) as page:
        await page.watch({topic: None})
        assert await page.news() == (topic, 1)
    _, rest = topic.split(":")
    ROWS[workspace_id, rest] = 2
    async with opened(session_key) as page:
        await page.watch({topic: 1})
        assert await page.news() == (topic, 2)


@on_a_loop
async def test_page_that_comes_back_looks_at_the_lists_again(session_key):
    async with opened(session_key) as page:
        await page.watch({"runs": None})
        _, last_id = await page.news()
    async with opened(session_key) as page:
        await page.watch({"runs": last_id})
        topic, next_id = await page.news()
    assert topic == "runs"
    assert next_id > last_id


@on_a_loop
async def test_clock_that_runs_behind_hides_no_change_of_a_list(
    session_key, workspace_id
):
    async with opened(session_key) as page:
        await page.watch_and_listen({"runs": None})
        assert (await page.news())[0] == "runs"
        async with announced_again_and_again(Announcement(workspace_id, "runs", 5)):
            while await page.news() != ("runs", 5):
                pass


@on_a_loop
async def test_other_workspaces_are_not_heard(session_key, workspace_id, things):
    other = await sync_to_async(make_workspace)()
    ours, theirs = things(workspace_id, 1), things(other.id, 1)
    async with opened(session_key) as page:
        await page.watch_and_listen({theirs: None, ours: 0})
        assert await page.news() == (ours, 1)
        publish(*(Announcement(other.id, topic, 2) for topic in (theirs, ours)))
        change(workspace_id, ours, 2)
        assert await page.news() == (ours, 2)


@on_a_loop
async def test_unknown_topics_are_ignored(session_key, workspace_id, things):
    topic = things(workspace_id, 1)
    strange = ["thing:1", "nothing:0190", "users", ""]
    async with opened(session_key) as page:
        await page.watch({**dict.fromkeys(strange), topic: None})
        assert await page.news() == (topic, 1)


@on_a_loop
async def test_what_is_no_longer_watched_is_not_heard(
    session_key, workspace_id, things
):
    first, second = things(workspace_id, 1), things(workspace_id, 1)
    async with opened(session_key) as page:
        await page.watch_and_listen({first: 1, second: None})
        await page.news()
        await page.unwatch(first)
        await page.watch({second: None})
        await page.news()
        for topic in (first, second):
            change(workspace_id, topic, 2)
        assert await page.news() == (second, 2)


@on_a_loop
async def test_wrong_origin_is_refused(session_key):
    page = Page(session_key, origin="https://elsewhere.example")
    assert await page.connect() == "websocket.close"


@on_a_loop
async def test_other_addresses_are_refused():
    assert await Page(path="/ws/other/").connect() == "websocket.close"


@on_a_loop
async def test_nobody_listens_without_a_session(db):
    async with opened() as page:
        assert await page.close_code() == 4401


@on_a_loop
async def test_nobody_listens_without_a_workspace(membership, session_key):
    await membership.adelete()
    async with opened(session_key) as page:
        assert await page.close_code() == 4403


@on_a_loop
async def test_lost_membership_closes_the_socket(membership, session_key, checks_often):
    async with opened(session_key) as page:
        membership.is_active = False
        await membership.asave()
        assert await page.close_code() == 4403


@on_a_loop
async def test_lost_membership_is_noticed_by_the_next_watch(membership, session_key):
    async with opened(session_key) as page:
        await membership.adelete()
        await page.watch({"runs": None})
        assert await page.close_code() == 4403


@on_a_loop
async def test_ended_session_closes_the_socket(session_key, checks_often):
    async with opened(session_key) as page:
        await Session.objects.filter(pk=session_key).adelete()
        assert await page.close_code() == 4401


@on_a_loop
async def test_deactivated_person_is_logged_out(membership, session_key, checks_often):
    async with opened(session_key) as page:
        membership.user.is_active = False
        await membership.user.asave()
        assert await page.close_code() == 4401


JUNK = [
    "",
    "{",
    "[" * 60_000,
    "[]",
    '{"watch": []}',
    '{"watch": {"runs": "1"}}',
    '{"watch": {"runs": true}}',
    '{"look": {}}',
    '{"unwatch": [1]}',
    json.dumps({"unwatch": ["x" * 70_000]}),
    json.dumps({"watch": {f"run:{number}": None for number in range(201)}}),
]


@pytest.mark.parametrize("frame", JUNK, ids=lambda frame: frame[:24])
@on_a_loop
async def test_junk_closes_the_socket(session_key, frame):
    async with opened(session_key) as page:
        await page.send(frame)
        assert await page.close_code() == 4400


@on_a_loop
async def test_bytes_close_the_socket(session_key):
    async with opened(session_key) as page:
        await page.send(b"{}")
        assert await page.close_code() == 4400


@on_a_loop
async def test_topics_of_one_socket_are_limited(session_key, workspace_id, things):
    topics = dict.fromkeys(things(workspace_id, 1) for _ in range(201))
    last, _ = topics.popitem()
    async with opened(session_key) as page:
        await page.watch(topics)
        for _ in topics:
            await page.news()
        await page.watch({last: None})
        assert await page.close_code() == 4400


@on_a_loop
async def test_hasty_page_is_cut_off(session_key):
    async with opened(session_key) as page:
        for _ in range(42):  # within two seconds at most
            await page.unwatch()
        assert await page.close_code() == 4400


@on_a_loop
async def test_quiet_page_is_told_that_the_line_is_alive(session_key, checks_often):
    async with opened(session_key) as page:
        assert [await page.frame() for _ in range(3)] == [{}, {}, {}]
