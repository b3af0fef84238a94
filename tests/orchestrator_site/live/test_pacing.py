"""What changes all the time is announced at a pace, and its newest id always."""

from uuid import uuid4

import pytest

from orchestrator_site.live import pacing
from orchestrator_site.live.api import Announcement, Pacer

WORKSPACE = uuid4()


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def said():
    """What has been announced, as (topic, id)."""
    return []


@pytest.fixture
def pacer(clock, said):
    return Pacer(lambda news: said.extend(each[1:] for each in news), clock)


def news(topic: str, seq: int) -> list[Announcement]:
    return [Announcement(WORKSPACE, topic, seq)]


def test_first_change_is_announced_at_once(pacer, clock, said):
    pacer.announce(news("run:1", 2))
    assert said == [("run:1", 2)]


def test_later_ones_wait_and_only_the_newest_is_announced(pacer, clock, said):
    for seq in range(1, 6):
        pacer.announce(news("run:1", seq))
    assert said == [("run:1", 1)]
    clock.now += 2 * pacing.EVERY_S
    pacer.announce([])
    assert said == [("run:1", 1), ("run:1", 5)]


def test_no_topic_is_announced_more_than_ten_times_a_second(pacer, clock, said):
    for seq in range(1000):
        clock.now += 0.001
        pacer.announce(news("run:1", seq))
    assert 8 <= len(said) <= 11  # the first one, and one for each tenth


def test_topics_do_not_wait_for_each_other(pacer, clock, said):
    pacer.announce(news("run:1", 1))
    pacer.announce(news("run:2", 1))
    assert said == [("run:1", 1), ("run:2", 1)]


def test_same_topic_of_another_workspace_is_another(pacer, clock, said):
    pacer.announce(news("runs", 1))
    pacer.announce([Announcement(uuid4(), "runs", 1)])
    assert said == [("runs", 1), ("runs", 1)]


def test_last_change_is_announced_at_once_and_replaces_what_waits(pacer, clock, said):
    pacer.announce(news("run:1", 1))
    pacer.announce(news("run:1", 2))
    pacer.announce([], last=news("run:1", 3))
    clock.now += 2 * pacing.EVERY_S
    pacer.announce([])
    assert said == [("run:1", 1), ("run:1", 3)]


def test_patience_ends_when_something_is_due(pacer, clock, said):
    assert pacer.patience(1.0) == 1.0
    pacer.announce(news("run:1", 1))
    pacer.announce(news("run:1", 2))
    while len(said) < 2:
        clock.now += pacer.patience(1.0) or 0.001
        pacer.announce([])
    assert pacing.EVERY_S <= clock.now - 100.0 < pacing.EVERY_S + pacing.LOOK_EVERY_S
    assert pacer.patience(1.0) == 1.0
