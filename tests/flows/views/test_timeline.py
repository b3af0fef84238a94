"""Bars on the axis of a run."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.views.timeline import TICK_ROOM, WIDTH, Span, bars, ticks

START = datetime(2026, 1, 1, tzinfo=UTC)


def span(start_s: float, end_s: float, *, is_wait: bool = False) -> Span:
    ends = (START + timedelta(seconds=second) for second in (start_s, end_s))
    return Span(*ends, is_wait)


def test_bars_share_one_axis():
    first, second = bars([span(0, 5), span(5, 10)])
    assert (first.x, first.width, second.x, second.width) == (
        0,
        WIDTH / 2,
        WIDTH / 2,
        WIDTH / 2,
    )


def test_what_has_no_time_has_no_bar():
    assert bars([None, None]) == [None, None]


def test_the_shortest_bar_is_visible_and_on_the_axis():
    instant = bars([span(0, 10), span(10, 10)])[1]
    assert instant.width > 0
    assert instant.x + instant.width <= WIDTH


def test_a_wait_longer_than_the_work_breaks_the_axis():
    work, wait = bars([span(0, 1), span(1, 3600, is_wait=True)])
    assert wait.is_broken
    assert not work.is_broken
    assert work.width > WIDTH / 2


def test_a_short_wait_keeps_its_length():
    wait = bars([span(0, 9), span(9, 10, is_wait=True)])[1]
    assert (wait.width, wait.is_broken) == (WIDTH / 10, False)


def test_a_run_that_only_waited_fills_the_axis():
    assert bars([span(0, 60, is_wait=True)])[0].width == WIDTH


def test_round_moments_stand_over_the_bars_with_room_between():
    found = ticks([span(0, 0.37), span(0.5, 7.3)])
    assert [tick.seconds for tick in found] == [0, 2, 4, 6]
    assert found[1].x == pytest.approx(2 * WIDTH / 7.3, abs=0.1)


def test_moments_of_a_broken_axis_do_not_crowd_in_the_wait():
    found = ticks([span(0, 4), span(4, 86_400, is_wait=True), span(86_400, 86_403)])
    gaps = [b.x - a.x for a, b in zip(found, found[1:], strict=False)]
    assert all(gap >= TICK_ROOM for gap in gaps)
    assert [tick.seconds for tick in found] == [0, 2, 4]
