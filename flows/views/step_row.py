"""One row of a run's steps: what stands in it, and its bars on the time axis."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.views.timeline import Bar, Span

# Letters behind a bar that ends in the first half of the axis, or later.
HALF_WAY, LONGEST, SHORT = 50, 40, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusBar:
    """A bar of the timeline with the status that it has the look of."""

    status: str
    bar: Bar


@dataclass(slots=True, kw_only=True)
class Row:
    """A step with its attempts, a node that has none yet, a round, an item, or pages.

    `url` selects it; a row that folds has `fold_url`, and `url` does the same if it is no
    step. `links` are further ways: words and addresses.
    """

    key: str
    label: str
    status: str
    depth: int
    url: str
    note: str = ""
    result: str = ""
    figure: str = ""
    fold_url: str = ""
    is_open: bool = False
    is_selected: bool = False
    is_step: bool = True
    links: tuple[tuple[str, str], ...] = ()
    spans: Sequence[tuple[str, Span]] = ()
    bars: list[StatusBar] = field(default_factory=list)

    @property
    def words(self) -> "Words | None":
        """The result behind the last bar, as much of it as there is room for."""
        if not self.result:
            return None
        end = self.bars[-1].bar.end if self.bars else 0
        longest = LONGEST if end < HALF_WAY else SHORT
        text = self.result
        if len(text) > longest:
            text = f"{text[: longest - 1]}…"
        return Words(text, round(end, 1))


class Words(NamedTuple):
    """A text on the axis, and its place in hundredths."""

    text: str
    x: float
