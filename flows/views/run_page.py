"""What the page of a run shows, from the rows of the run."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from approvals.api import Approval
from flows.describe import Entry, describe_html, step_name
from flows.engine.addresses import read_address
from flows.event_kinds import kind_of
from flows.graph.parse import parse
from flows.graph.schema import Node
from flows.models import Run, Step, StepStatus, Wait, WaitKind
from flows.selectors import get_run, names_for, run_entries
from flows.selectors.steps import (
    BodyCount,
    MapCount,
    count_bodies,
    count_items,
    item_totals,
    list_attempts,
    list_doubtful,
    list_item_steps,
    list_plain_steps,
    list_waits,
)
from flows.services.runs import version_document
from flows.views.boxes import MAP, label_of
from flows.views.canvas import Drawing, draw
from flows.views.item_pages import items_in_words, opened_regions
from flows.views.json_text import JsonText
from flows.views.node_states import NodeState, result_of, states_of
from flows.views.payloads import ShownPayloads
from flows.views.run_address import RunAddress
from flows.views.step_detail import StepDetail, cells_of, node_of, read_children
from flows.views.step_rows import Shown, Timeline, timeline_of
from flows.views.step_tree import tree_of

PAGE_EVENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event of the run's chain as a row."""

    entry: Entry
    icon: str
    sentence: SafeString


class RunPage:
    """A run with its steps, drawing and story."""

    def __init__(self, run: Run, address: RunAddress) -> None:
        self.run = run
        self.address = address
        self.now = timezone.now()
        self.graph = parse(version_document(run.version))
        self.steps = list_plain_steps(run)
        node = node_of(self.graph, address.step)
        attempts = list_attempts(run, address.step) if node else []
        self._payloads = ShownPayloads(
            run.pk, [run.input, run.result, *cells_of(attempts)]
        )
        self._waits: defaultdict[str, list[Wait]] = defaultdict(list)
        if run.ended_at is None:
            for wait in list_waits(run):
                self._waits[wait.address].append(wait)
        self.detail = self._detail(node, attempts) if node else None

    @property
    def input(self) -> JsonText:
        """What came in."""
        return self._payloads.value(self.run.input)

    @property
    def output(self) -> JsonText | None:
        """What a run that succeeded gave."""
        if self.run.status != "completed":
            return None
        return self._payloads.value(self.run.result)

    @property
    def error(self) -> Mapping[str, Any] | None:
        """Why a run that ended without an output did so."""
        if self.run.status == "completed" or self.run.result is None:
            return None
        error = self._payloads.error(self.run.result)
        node_id = error.get("node_id") or ""
        return {
            **error,
            "label": self._labels.get(node_id, ""),
            "step_url": self._last_url(node_id),
        }

    @property
    def parent(self) -> Run | None:
        """The run that started this one as its subflow."""
        if self.run.parent_id is None:
            return None
        return get_run(self.run.workspace, self.run.parent_id)

    @property
    def deadline(self) -> Wait | None:
        """When the run ends whatever it does, if ever."""
        found = self._waits.get("", ())
        return next((each for each in found if each.kind == WaitKind.DEADLINE), None)

    @cached_property
    def states(self) -> dict[str, NodeState]:
        """How each node stands."""
        found = states_of(
            self.steps,
            self._bodies,
            self._waits,
            types={node.id: node.type for node in self.graph.nodes},
            now=self.now,
        )
        for count in self._counts.values():
            node_id = read_address(count.region).node_id
            words = items_in_words(count, self._totals)
            found[node_id] = found[node_id]._replace(word=words)
        return found

    @property
    def drawing(self) -> Drawing:
        """The canvas."""
        return draw(self.graph, self.states)

    @property
    def rounds(self) -> tuple[int, int] | None:
        """The furthest round of any loop, and how many it may have."""
        limits = {edge.target: edge.max_rounds or 1 for edge in self.graph.feedback}
        reached = [
            (self.states[head].round, most)
            for head, most in limits.items()
            if head in self.states and self.states[head].round
        ]
        return max(reached, default=None)

    @property
    def timeline(self) -> Timeline:
        """Steps by time, rounds and items folded, then what has not been reached."""
        return timeline_of(
            Shown(
                graph=self.graph,
                root=tree_of([*self.steps, *self._in_items]),
                address=self.address,
                counts=self._counts,
                totals=self._totals,
                waits=self._waits,
                selected=self.address.step,
                reached=frozenset(self.states),
                now=self.now,
            )
        )

    @property
    def step_count(self) -> int:
        """How many steps have begun, attempts not counted twice.

        Where items are runs of their own, each counts as one.
        """
        plain = {step.address for step in self.steps if step.status != "skipped"}
        inside = sum(body.total for body in self._bodies if body.status != "skipped")
        items = sum(count.begun for count in self._counts.values())
        return len(plain) + (inside or items)

    @cached_property
    def _events(self) -> list[Entry]:
        return run_entries(self.run, after=self.address.after, limit=PAGE_EVENTS)

    @cached_property
    def story(self) -> list[Told]:
        """A page of the run's chain in sentences, in order."""
        known = {self.run.pk: self._labels}
        names = names_for(self.run.workspace, self._events, known)
        return [
            Told(
                entry=entry,
                icon=kind_of(entry.kind).icon,
                sentence=describe_html(entry, names),
            )
            for entry in self._events
        ]

    @property
    def earlier_events_url(self) -> str:
        """Where the events before these are."""
        after = self.address.after
        if not after:
            return ""
        return str(self.address.turn_events(max(after - PAGE_EVENTS, 0)))

    @property
    def later_events_url(self) -> str:
        """Where the events after these are."""
        last = self.address.after + PAGE_EVENTS
        return str(self.address.turn_events(last)) if last < self.run.seq else ""

    @cached_property
    def approvals(self) -> dict[str, str]:
        """Ids of the open approvals of the run, by the address of the step that asks."""
        if self.run.ended_at is not None:
            return {}
        found = Approval.objects.filter(run_id=self.run.pk, ended_at__isnull=True)
        return {
            address: str(approval_id)
            for address, approval_id in found.values_list("address", "pk")
        }

    @property
    def together(self) -> str:
        """How the selected node's items stand, where no single one is selected."""
        if self.detail is None or self.detail.attempts:
            return ""
        state = self.states.get(self.detail.node.id)
        return state.word if state and not state.address else ""

    @property
    def awaited(self) -> list[tuple[str, str, str]]:
        """What the run waits for: the steps, their addresses, and for what each waits."""
        waiting = [step for step in self.steps if step.status == StepStatus.WAITING]
        return [
            (*self._named(step.address), result_of(step, self._waits[step.address]))
            for step in waiting
        ]

    @property
    def doubts(self) -> list[tuple[str, str]]:
        """The steps of which a person has to say whether they happened."""
        return [self._named(address) for address in list_doubtful(self.run)]

    @cached_property
    def _maps(self) -> dict[str, Step]:
        """The maps that had begun when the steps were read.

        Others may begin before their items are counted; the next look shows them.
        """
        return {step.address: step for step in self.steps if step.type == MAP}

    @cached_property
    def _bodies(self) -> Sequence[BodyCount]:
        return count_bodies(self.run) if self._maps else ()

    @cached_property
    def _counts(self) -> dict[str, MapCount]:
        if not self._maps:
            return {}
        counts = count_items(self.run)
        return {each.region: each for each in counts if each.region in self._maps}

    @cached_property
    def _totals(self) -> dict[str, int]:
        return item_totals(self._maps.values())

    @cached_property
    def _in_items(self) -> list[Step]:
        """The steps in the maps that are unfolded."""
        regions = opened_regions(self._counts, self.address, self.address.step)
        return [
            step for region in regions for step in list_item_steps(self.run, region)
        ]

    def _detail(self, node: Node, attempts: list[Step]) -> StepDetail:
        selected = self.address.step
        return StepDetail(
            node=node,
            address=selected,
            attempts=attempts,
            chosen=self.address.attempt,
            waits=self._waits.get(selected, ()),
            children=read_children(self.run, node, selected) if attempts else [],
            known=frozenset(step.address for step in [*self.steps, *self._in_items]),
            labels=self._labels,
            here=self.address,
            payloads=self._payloads,
            now=self.now,
        )

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {node.id: label_of(node) for node in self.graph.nodes}

    def _named(self, address: str) -> tuple[str, str]:
        name = step_name(read_address(address), self._labels)
        return name, str(self.address.select(address))

    def _last_url(self, node_id: str) -> str:
        state = self.states.get(node_id)
        return str(self.address.select(state.address or node_id)) if state else ""
