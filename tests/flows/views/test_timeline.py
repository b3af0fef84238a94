"""Bars on the axis of a run."""

from datetime import UTC, datetime, timedelta

from flows.views.timeline import WIDTH, Span, bars

START = datetime(2026, 1, 1, tzinfo=UTC)


def span(start_s: float, end_s: float, *, is_wait: bool = False) -> Span:
    ends = (START + timedelta(seconds=second) for second in (start_s, end_s))
    return Span(*ends, is_wait)


def test_bars_share_one_axis():
    first, second = bars([span(0, 5), span(5, 10)])
    assert (first.x, first.width, second.x, second.width) == (0, 500, 500, 500)


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
    assert (wait.width, wait.is_broken) == (100, False)


def test_a_run_that_only_waited_fills_the_axis():
    assert bars([span(0, 60, is_wait=True)])[0].width == WIDTH
