"""When each step of a run worked, as bars on one axis. Pure.

Where people let a run wait for longer than it worked, the axis is broken: the wait
takes a third of it, so that the work stays visible.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

# The rest of the hundred is for words behind the bars.
WIDTH = 82
NARROWEST_BAR = 0.4
WAIT_SHARE = 1 / 3
# How far apart the hours stand at least, and what they count in seconds.
TICK_ROOM, MOST_TICKS = 12, 60
STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800),
    *(3600, 7200, 14_400, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000),
)


class Span(NamedTuple):
    """When a step worked, or waited for a person."""

    start: datetime
    end: datetime
    is_wait: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, in hundredths of the axis; `is_broken`: longer than it is drawn."""

    x: float
    width: float
    is_broken: bool

    @property
    def break_at(self) -> float:
        """Where the break is drawn."""
        return self.x + self.width / 2

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.x + self.width


class Tick(NamedTuple):
    """A moment on the axis, in seconds from its beginning."""

    x: float
    seconds: float


def bars(spans: Sequence[Span | None]) -> list[Bar | None]:
    """Place spans on an axis from the first start to the last end."""
    known = [span for span in spans if span]
    if not known:
        return [None for _ in spans]
    scale, is_broken = _scale(known)
    return [_bar(span, scale, is_broken=is_broken) if span else None for span in spans]


def ticks(spans: Sequence[Span]) -> list[Tick]:
    """Round moments on the same axis, as close as there is room for."""
    if not spans:
        return []
    scale, is_broken = _scale(list(spans))
    begin = min(span.start for span in spans)
    total = (max(span.end for span in spans) - begin).total_seconds()
    worked = _worked(spans, total) / (1 - WAIT_SHARE) if is_broken else total
    step = next((s for s in STEPS_S if s * WIDTH >= TICK_ROOM * worked), STEPS_S[-1])
    found: list[Tick] = []
    # A wait is longer than the work; beyond it only its end is marked.
    for number in range(MOST_TICKS):
        seconds = number * step
        if seconds > total:
            break
        x = scale(begin + timedelta(seconds=seconds))
        if x > WIDTH - TICK_ROOM:
            break
        if not found or x - found[-1].x >= TICK_ROOM:
            found.append(Tick(round(x, 1), seconds))
    return found


def _worked(spans: Sequence[Span], total: float) -> float:
    waits = _joined([span for span in spans if span.is_wait])
    waited = sum((end - start).total_seconds() for start, end in waits)
    return max(total - waited, 0.001)


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
