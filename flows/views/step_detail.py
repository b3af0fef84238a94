"""What the drawer beside a run says of one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from flows.describe import step_name
from flows.engine.addresses import Pass, read_address
from flows.graph.schema import Graph, Node
from flows.models import Run, Step, StepStatus, Wait
from flows.nodes.registry import NODE_TYPES
from flows.selectors.runs import list_children
from flows.selectors.steps import OPEN
from flows.views.json_text import JsonText
from flows.views.node_states import figure_of, shown_status
from flows.views.payloads import Cell, ShownPayloads
from flows.views.run_address import RunAddress
from orchestrator_site.shell.figures import clock

MOST_CHILDREN = 20
PARENTS = frozenset({"subflow", "map"})


class Way(NamedTuple):
    """One of several rounds, items or attempts; `is_here` is the one that is shown."""

    words: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDetail:
    """One step, or a node that has none yet; `attempts` come with what they gave.

    `known` are the addresses of the run's steps as far as they are read, `waits` those of
    this step.
    """

    node: Node
    address: str
    attempts: Sequence[Step]
    chosen: int
    waits: Sequence[Wait]
    children: Sequence[Run]
    known: frozenset[str]
    labels: Mapping[str, str]
    here: RunAddress
    payloads: ShownPayloads
    now: datetime

    @property
    def step(self) -> Step | None:
        """The attempt that is shown: the one asked for, else the last."""
        found = [each for each in self.attempts if each.attempt == self.chosen]
        return found[0] if found else (self.attempts[-1] if self.attempts else None)

    @property
    def name(self) -> str:
        """What people call it, its round and item included."""
        found = read_address(self.address)
        return step_name(found._replace(node_id=self.node.id), self.labels)

    @property
    def kind(self) -> str:
        """What people call the type of its node."""
        return NODE_TYPES[self.node.type].label

    @property
    def status(self) -> str:
        """Its state as people tell them apart."""
        step = self.step
        return shown_status(step.status, step.type, step.attempt) if step else "pending"

    @property
    def figure(self) -> str:
        """How long it took, or has taken."""
        return figure_of(self.step, self.now) if self.step else ""

    @property
    def output(self) -> JsonText | None:
        """What it gave."""
        if self.step is None or not self.step.gave_output:
            return None
        return self.payloads.value(self.step.result)

    @property
    def error(self) -> Mapping[str, Any] | None:
        """Why it failed, or why nobody knows whether it happened."""
        step = self.step
        if step is None or step.result is None or step.gave_output:
            return None
        if step.status not in (
            StepStatus.FAILED,
            StepStatus.IN_DOUBT,
            StepStatus.DETACHED,
        ):
            return None
        return self.payloads.error(step.result)

    @property
    def reads(self) -> list[tuple[str, str]]:
        """The expressions of its node's config: their places and sources."""
        if self.node.type not in NODE_TYPES:
            return []
        kind = NODE_TYPES[self.node.type]
        config = kind.config.model_validate(dict(self.node.config))
        written = kind.expressions(config)
        return [(pointer.rpartition("/")[2], text) for pointer, text, _kind in written]

    @property
    def tries(self) -> list[Way]:
        """Its attempts, where there are several."""
        if len(self.attempts) < 2:
            return []
        return [
            Way(
                str(each.attempt),
                str(self.here.select(self.address, each.attempt)),
                self.step is not None and each.attempt == self.step.attempt,
            )
            for each in self.attempts
        ]

    @property
    def rounds(self) -> list[Way]:
        """The rounds of the loop around it in which this step was begun."""
        found = [each for each in read_address(self.address).passes if _is_round(each)]
        if not found:
            return []
        inner = found[-1]
        before, after = inner.path[: -len(f"{inner.number}/")], self.address
        rest = after[len(inner.path) :]
        numbers = sorted(
            number
            for address in self.known
            if address.startswith(before) and address.endswith(f"/{rest}")
            if (number := _number(address[len(before) : -len(rest) - 1]))
        )
        return [
            Way(
                str(number),
                str(self.here.select(f"{before}{number}/{rest}")),
                number == inner.number,
            )
            for number in numbers
        ]

    @property
    def awaited(self) -> list[tuple[str, str]]:
        """What it waits for: names and values."""
        return [pair for wait in self.waits for pair in _told(wait)]

    @property
    def is_open(self) -> bool:
        """Whether it has begun and not ended: it can be given up."""
        return bool(self.attempts) and self.attempts[-1].status in OPEN

    @property
    def is_doubtful(self) -> bool:
        """Whether a person has to say what happened."""
        return self.is_open and self.attempts[-1].status == StepStatus.IN_DOUBT


def node_of(graph: Graph, address: str) -> Node | None:
    """The node of a step's address; None if that is nothing of this flow.

    An item that is a run of its own is a step of its map.
    """
    found = read_address(address)
    node_id = found.node_id or (found.passes[-1].key if found.passes else "")
    return graph.node(node_id) if graph.has_node(node_id) else None


def read_children(run: Run, node: Node, address: str) -> list[Run]:
    """The first runs that the step has started."""
    if node.type not in PARENTS:
        return []
    return list(list_children(run, address)[:MOST_CHILDREN])


def cells_of(attempts: Sequence[Step]) -> list[Cell]:
    """What the attempts gave."""
    return [each.result for each in attempts]


def _is_round(found: Pass) -> bool:
    return found.kind == "round"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _told(wait: Wait) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    if wait.kind == "event":
        told.append((_("Event"), wait.name))
        if wait.key:
            told.append((_("Of"), wait.key))
    elif wait.due_at:
        words = {"retry": _("Tried again"), "timer": _("Until")}
        told.append((words.get(wait.kind, _("Deadline")), clock(wait.due_at)))
    return told
