"""The steps of a run as rows: rounds and items fold, and many items come in pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from flows.graph.schema import Graph
from flows.models import Step, Wait
from flows.selectors.steps import MapCount
from flows.views.boxes import label_of
from flows.views.item_pages import (
    Chosen,
    choose_items,
    items_in_words,
    links_to_pages,
    page_in_words,
    span_of_items,
)
from flows.views.node_states import figure_of, result_of, shown_status, span_of, took
from flows.views.run_address import RunAddress
from flows.views.step_row import Row, StatusBar
from flows.views.step_tree import Scope
from flows.views.timeline import Tick, bars, ticks
from orchestrator_site.shell.states import LOOKS

# So many rounds are shown without being asked for.
FEW_ROUNDS = 3


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
        row.spans = row.spans or span_of_items(row.status, count)
        row.figure = took(row.spans[-1][1]) if row.spans else row.figure
    yield row
    if not row.is_open:
        return
    chosen = choose_items(passes, shown.address, region)
    if chosen.is_part:
        yield _pages(region, chosen, shown.address, depth + 1)
    for number in chosen.numbers:
        words = _("Item %(n)d") % {"n": number}
        item = passes[number]
        if (apart := f"{region}[{number}]") in item.steps:
            yield _own(shown, item.steps[apart], words, depth + 1)
        else:
            yield from _pass(shown, item, words, depth + 1, by_itself=False)


def _pages(region: str, chosen: Chosen, here: RunAddress, depth: int) -> Row:
    return Row(
        key=f"{region}[]",
        label=page_in_words(chosen),
        status="",
        depth=depth,
        url="",
        is_step=False,
        links=links_to_pages(region, chosen, here),
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
