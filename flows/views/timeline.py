"""When each step of a run worked, as bars on one axis. Pure.

Where people let a run wait for longer than it worked, the axis is broken: the wait
takes a third of it, so that the work stays visible.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

WIDTH = 1000
NARROWEST_BAR = 4
WAIT_SHARE = 1 / 3


class Span(NamedTuple):
    """When a step worked, or waited for a person."""

    start: datetime
    end: datetime
    is_wait: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, in thousandths of the axis; `is_broken`: longer than it is drawn."""

    x: float
    width: float
    is_broken: bool

    @property
    def break_at(self) -> float:
        """Where the break is drawn."""
        return self.x + self.width / 2


def bars(spans: Sequence[Span | None]) -> list[Bar | None]:
    """Place spans on an axis from the first start to the last end."""
    known = [span for span in spans if span]
    if not known:
        return [None for _ in spans]
    scale, is_broken = _scale(known)
    return [_bar(span, scale, is_broken=is_broken) if span else None for span in spans]


def _bar(span: Span, scale: Callable[[datetime], float], *, is_broken: bool) -> Bar:
    x = min(scale(span.start), WIDTH - NARROWEST_BAR)
    width = max(scale(span.end) - x, NARROWEST_BAR)
    return Bar(round(x, 1), round(width, 1), is_broken and span.is_wait)


def _scale(spans: list[Span]) -> tuple[Callable[[datetime], float], bool]:
    """The place of a moment on the axis, and whether the axis is broken."""
    begin = min(span.start for span in spans)
    total = max(max(span.end for span in spans) - begin, timedelta(milliseconds=1))
    waits = _joined([span for span in spans if span.is_wait])
    waited = sum((end - start for start, end in waits), timedelta())
    worked = total - waited
    if waited <= worked:
        return lambda moment: WIDTH * ((moment - begin) / total), False
    for_waits = WIDTH * WAIT_SHARE if worked else WIDTH
    for_work = WIDTH - for_waits

    def place(moment: datetime) -> float:
        before = sum(
            (max(min(moment, end) - start, timedelta()) for start, end in waits),
            timedelta(),
        )
        work = moment - begin - before
        share = work / worked if worked else 0.0
        return for_work * share + for_waits * (before / waited)

    return place, True


def _joined(spans: list[Span]) -> list[tuple[datetime, datetime]]:
    """Waits without overlaps, in order."""
    found: list[tuple[datetime, datetime]] = []
    for start, end, _is_wait in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
