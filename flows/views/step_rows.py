"""The steps of a run as rows: rounds and items fold, and many items come in pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from flows.graph.schema import Graph
from flows.models import Step, Wait
from flows.selectors.steps import MapCount
from flows.views.boxes import label_of
from flows.views.node_states import figure_of, result_of, shown_status, span_of, took
from flows.views.run_address import RunAddress
from flows.views.step_tree import Scope
from flows.views.timeline import Bar, Span, Tick, bars, ticks
from orchestrator_site.shell.states import LOOKS

PAGE_ITEMS = 25
# So many rounds, and so many items in all, are shown without being asked for.
FEW_ROUNDS, FEW_ITEMS = 3, 10
# Letters behind a bar that ends in the first half of the axis, or later.
HALF_WAY, LONGEST, SHORT = 50, 40, 20
TROUBLED = frozenset({"failed", "in_doubt", "running", "asking", "waiting", "retrying"})


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


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Everything that rows are made of; `counts` and `totals` are by a map's address."""

    graph: Graph
    root: Scope
    address: RunAddress
    counts: Mapping[str, MapCount]
    totals: Mapping[str, int]
    waits: Mapping[str, Sequence[Wait]]
    selected: str
    reached: frozenset[str]
    now: datetime

    def label(self, node_id: str) -> str:
        """What people call a node."""
        known = self.graph.has_node(node_id)
        return label_of(self.graph.node(node_id)) if known else node_id


def opened_regions(
    counts: Mapping[str, MapCount], address: RunAddress, selected: str
) -> list[str]:
    """Addresses of the maps whose items are unfolded."""
    are_few = sum(count.begun for count in counts.values()) <= FEW_ITEMS
    return [
        region
        for region in counts
        if address.is_open(
            region, by_itself=are_few or selected.startswith(f"{region}[")
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Rows with the moments over them; `folds` if some row can be unfolded."""

    rows: list[Row]
    ticks: list[Tick]

    @property
    def folds(self) -> bool:
        """Whether there is something to unfold."""
        return any(row.fold_url for row in self.rows)


def timeline_of(shown: Shown) -> Timeline:
    """Steps by time, then the nodes that have not been reached."""
    rows = [*_scope(shown, shown.root, 0), *_unreached(shown)]
    spans = [span for row in rows for _status, span in row.spans]
    placed = iter(bars(spans))
    for row in rows:
        row.bars = [
            StatusBar(status=status, bar=bar)
            for status, _span in row.spans
            if (bar := next(placed))
        ]
    return Timeline(rows=rows, ticks=ticks(spans))


def _scope(shown: Shown, scope: Scope, depth: int) -> Iterator[Row]:
    place = {node_id: number for number, node_id in enumerate(shown.graph.order)}
    entries: list[tuple[datetime, int, str]] = []
    for address, attempts in scope.steps.items():
        count = shown.counts.get(address)
        start = attempts[0].started_at or (count.first_start if count else None)
        entries.append((start or shown.now, place.get(attempts[0].node_id, 0), address))
    for region, passes in scope.regions.items():
        if region not in scope.steps:  # a loop; a map has a step of its own
            span = next(iter(passes.values())).span(shown.now)
            head = region.rpartition("/")[2]
            start = span.start if span else shown.now
            entries.append((start, place.get(head, 0), region))
    for _start, _place, address in sorted(entries):
        if address in scope.steps:
            yield from _step(shown, scope, address, depth)
        else:
            yield from _rounds(shown, scope.regions[address], depth)


def _step(shown: Shown, scope: Scope, address: str, depth: int) -> Iterator[Row]:
    attempts = scope.steps[address]
    row = _own(shown, attempts, shown.label(attempts[-1].node_id), depth)
    if address not in shown.counts and address not in scope.regions:
        yield row
        return
    yield from _map(shown, row, scope.regions.get(address, {}), depth)


def _own(shown: Shown, attempts: list[Step], label: str, depth: int) -> Row:
    """The row of one step with all its attempts."""
    last = attempts[-1]
    address, status = last.address, shown_status(last.status, last.type, last.attempt)
    return Row(
        key=address,
        label=label,
        status=status,
        depth=depth,
        url=str(shown.address.select(address)),
        note=_attempts(last),
        result=result_of(last, shown.waits.get(address, ())),
        figure=figure_of(last, shown.now) or str(LOOKS[status].word),
        is_selected=shown.selected == address,
        spans=[
            (shown_status(each.status, each.type), span)
            for each in attempts
            if (span := span_of(each, shown.now))
        ],
    )


def _attempts(step: Step) -> str:
    if step.attempt == 1:
        return ""
    return _("attempt %(n)d") % {"n": step.attempt}


def _map(
    shown: Shown, row: Row, passes: Mapping[int, Scope], depth: int
) -> Iterator[Row]:
    region, count = row.key, shown.counts.get(row.key)
    row.is_open = bool(passes) and shown.address.is_open(region, by_itself=True)
    row.fold_url = str(shown.address.fold(region, is_open=not row.is_open))
    if count is not None:
        row.result = items_in_words(count, shown.totals)
        row.spans = row.spans or _span_of_items(row.status, count)
        row.figure = took(row.spans[-1][1]) if row.spans else row.figure
    yield row
    if not row.is_open:
        return
    numbers = sorted(passes)
    troubled = [n for n in numbers if passes[n].status() in TROUBLED]
    is_filtered = region in shown.address.troubled
    listed = troubled if is_filtered else numbers
    start = min(shown.address.starts.get(region, 0), max(len(listed) - 1, 0))
    start -= start % PAGE_ITEMS
    if len(numbers) > PAGE_ITEMS or is_filtered:
        yield _pages(shown, region, listed, start, len(troubled), depth + 1)
    for number in listed[start : start + PAGE_ITEMS]:
        words = _("Item %(n)d") % {"n": number}
        item = passes[number]
        if (apart := f"{region}[{number}]") in item.steps:
            yield _own(shown, item.steps[apart], words, depth + 1)
        else:
            yield from _pass(shown, item, words, depth + 1, by_itself=False)


def _span_of_items(status: str, count: MapCount) -> list[tuple[str, Span]]:
    """From the first item to the last: the end of a map does not say when it began."""
    if count.first_start is None or count.last_end is None:
        return []
    return [(status, Span(count.first_start, count.last_end, is_wait=False))]


def items_in_words(count: MapCount, totals: Mapping[str, int]) -> str:
    """How many items a map has, and how many of them failed or have ended."""
    total = max(totals.get(count.region, 0), count.begun)
    words = ngettext("%(n)d item", "%(n)d items", total) % {"n": total}
    if count.failed:
        return _("%(items)s, %(n)d failed") % {"items": words, "n": count.failed}
    done = count.begun - count.open
    if done < total:
        return _("%(n)d of %(items)s") % {"items": words, "n": done}
    return words


def _pages(
    shown: Shown, region: str, listed: list[int], start: int, troubled: int, depth: int
) -> Row:
    here = shown.address
    links: list[tuple[str, str]] = []
    if start > 0:
        links.append((_("Earlier"), str(here.turn_to(region, start - PAGE_ITEMS))))
    if start + PAGE_ITEMS < len(listed):
        links.append((_("Later"), str(here.turn_to(region, start + PAGE_ITEMS))))
    if region in here.troubled:
        links.append((_("All items"), str(here.filter(region, is_troubled=False))))
    elif troubled:
        words = _("Only the %(n)d failed or open") % {"n": troubled}
        links.append((words, str(here.filter(region, is_troubled=True))))
    last = min(start + PAGE_ITEMS, len(listed))
    words = _("%(first)d to %(last)d of %(all)d")
    figures = {"first": start + 1 if listed else 0, "last": last, "all": len(listed)}
    return Row(
        key=f"{region}[]",
        label=words % figures,
        status="",
        depth=depth,
        url="",
        is_step=False,
        links=tuple(links),
    )


def _rounds(shown: Shown, passes: Mapping[int, Scope], depth: int) -> Iterator[Row]:
    last = max(passes)
    for number in sorted(passes):
        words = _("Round %(n)d") % {"n": number}
        by_itself = number == last or last <= FEW_ROUNDS
        scope = passes[number]
        yield from _pass(shown, scope, words, depth, by_itself=by_itself)


def _pass(
    shown: Shown, scope: Scope, words: str, depth: int, *, by_itself: bool
) -> Iterator[Row]:
    if scope.origin is None:
        return
    path, status = scope.origin.path, scope.status()
    span = scope.span(shown.now)
    is_within = shown.selected.startswith(path)
    is_open = shown.address.is_open(path, by_itself=by_itself or is_within)
    fold_url = str(shown.address.fold(path, is_open=not is_open))
    head = shown.label(scope.origin.key) if scope.origin.kind == "round" else ""
    yield Row(
        key=path,
        label=words,
        status=status,
        depth=depth,
        url=fold_url,
        note=head,
        figure=took(span) if span else str(LOOKS[status].word),
        fold_url=fold_url,
        is_open=is_open,
        is_step=False,
        spans=[(status, span)] if span else [],
    )
    if is_open:
        yield from _scope(shown, scope, depth + 1)


def _unreached(shown: Shown) -> Iterator[Row]:
    for node_id in shown.graph.order:
        node = shown.graph.node(node_id)
        if node_id in shown.reached or node.type == "note":
            continue
        yield Row(
            key=node_id,
            label=label_of(node),
            status="pending",
            depth=0,
            url=str(shown.address.select(node_id)),
            figure=str(LOOKS["pending"].word),
            is_selected=shown.selected == node_id,
        )
