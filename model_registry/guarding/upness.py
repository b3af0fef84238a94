"""Whether a version could be called over the last days, from what changed. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
HOURS = 72


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on, `source` finds that it is well, or not."""

    at: datetime
    source: str
    is_well: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time throughout which it was well, or not."""

    begin: datetime
    end: datetime
    is_well: bool

    def touches(self, begin: datetime, end: datetime) -> bool:
        """Whether it has a part in that time."""
        return self.begin < end and self.end > begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Upness:
    """The last hours: of each whether it was well, None before anybody had looked."""

    hours: tuple[bool | None, ...]
    share: float | None
    outages: int


def upness_of(changes: Iterable[Change], now: datetime, hours: int = HOURS) -> Upness:
    """What changes say of the hours up to now; it is well while every source says so.

    `changes` are all that are known, in any order.
    """
    since = now - hours * HOUR
    stretches = _stretches(sorted(changes, key=lambda change: change.at), now)
    seen = [each for each in stretches if each.touches(since, now)]
    known = sum(_seconds(each, since) for each in seen)
    well = sum(_seconds(each, since) for each in seen if each.is_well)
    marks = (
        _mark(seen, since + number * HOUR, since + (number + 1) * HOUR)
        for number in range(hours)
    )
    return Upness(
        hours=tuple(marks),
        share=well / known if known else None,
        outages=sum(not each.is_well for each in seen),
    )


def _stretches(changes: Sequence[Change], now: datetime) -> list[Stretch]:
    """Join what the sources say; neighbours differ."""
    said: dict[str, bool] = {}
    found: list[Stretch] = []
    ends = [change.at for change in changes[1:]] + [now]
    for change, end in zip(changes, ends, strict=False):
        said[change.source] = change.is_well
        is_well = all(said.values())
        if found and found[-1].is_well == is_well:
            found[-1] = Stretch(found[-1].begin, end, is_well)
        else:
            found.append(Stretch(change.at, end, is_well))
    return found


def _mark(stretches: list[Stretch], begin: datetime, end: datetime) -> bool | None:
    """One outage within an hour marks it."""
    touched = [each.is_well for each in stretches if each.touches(begin, end)]
    return all(touched) if touched else None


def _seconds(stretch: Stretch, since: datetime) -> float:
    return (stretch.end - max(stretch.begin, since)).total_seconds()
