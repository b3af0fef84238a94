"""What the page of a run shows, from the rows of the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from flows.describe import Entry, describe_html
from flows.event_kinds import kind_of
from flows.graph.parse import parse
from flows.graph.schema import Graph, Node
from flows.models import Run, Step, StepStatus
from flows.nodes.registry import NODE_TYPES
from flows.selectors import Payloads, list_steps, names_for, run_entries
from flows.services.runs import version_document
from flows.views.canvas import Drawing, StepState, draw, label_of
from flows.views.json_text import JsonText
from flows.views.timeline import Bar, Span, bars
from orchestrator_site.ledger.api import PayloadBroken
from orchestrator_site.shell.figures import duration
from orchestrator_site.shell.states import LOOKS

APPROVAL = "approval"
Cell = bytes | memoryview | None
UNREADABLE = _("This value was erased or damaged. Verify the audit log of the run.")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step of the run, or a node that has none yet."""

    address: str
    attempt: int
    label: str
    status: str
    result: str
    figure: str
    bar: Bar | None
    is_selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event of the run's chain as a row."""

    entry: Entry
    icon: str
    sentence: SafeString


class RunPage:
    """A run with its steps, drawing and story; everything is read here, once."""

    def __init__(self, run: Run, selected: str, attempt: int | None) -> None:
        self.run = run
        self.graph: Graph = parse(version_document(run.version))
        self.steps = list_steps(run)
        self.entries = run_entries(run)
        self.labels = {node.id: label_of(node) for node in self.graph.nodes}
        self.names = names_for(run.workspace, self.entries)
        self.step = self._find(selected, attempt)
        self.node = self._node(selected)
        cells = [run.input, run.result, *([self.step.result] if self.step else [])]
        self._payloads = Payloads(run.pk, cells)

    @property
    def input(self) -> JsonText:
        """What came in."""
        return JsonText(self._read(self.run.input))

    @property
    def output(self) -> JsonText | None:
        """What a run that succeeded gave."""
        if self.run.status != "completed":
            return None
        return JsonText(self._read(self.run.result))

    @property
    def error(self) -> Mapping[str, Any] | None:
        """Why a run that ended without an output did so."""
        if self.run.status == "completed" or self.run.result is None:
            return None
        error = self._read_error(self.run.result)
        return {**error, "label": self.labels.get(error.get("node_id") or "", "")}

    @property
    def step_output(self) -> JsonText | None:
        """What the selected step gave."""
        if self.step is None or self.step.status != StepStatus.COMPLETED:
            return None
        return JsonText(self._read(self.step.result))

    @property
    def step_error(self) -> Mapping[str, Any] | None:
        """Why the selected step failed."""
        if self.step is None or self.step.status != StepStatus.FAILED:
            return None
        return self._read_error(self.step.result)

    @property
    def reads(self) -> list[tuple[str, str]]:
        """The expressions of the selected node's config: their places and sources."""
        if self.node is None or self.node.type not in NODE_TYPES:
            return []
        kind = NODE_TYPES[self.node.type]
        config = kind.config.model_validate(dict(self.node.config))
        written = kind.expressions(config)
        return [(pointer.rpartition("/")[2], text) for pointer, text, _kind in written]

    @property
    def node_label(self) -> str:
        """What people call the selected node."""
        return self.labels[self.node.id] if self.node else ""

    @property
    def step_figure(self) -> str:
        """How long the selected step took."""
        return _state_of(self.step).figure if self.step else ""

    @property
    def node_kind(self) -> str:
        """What people call the type of the selected node."""
        return NODE_TYPES[self.node.type].label if self.node else ""

    @property
    def drawing(self) -> Drawing:
        """The canvas."""
        return draw(self.graph, {step.node_id: _state_of(step) for step in self.steps})

    @property
    def rows(self) -> list[StepRow]:
        """Steps by time, then the nodes that have not been reached."""
        now = timezone.now()
        placed = bars([_span_of(step, now) for step in self.steps])
        place = {node_id: place for place, node_id in enumerate(self.graph.order)}
        in_order = sorted(
            zip(self.steps, placed, strict=True),
            key=lambda pair: (pair[0].started_at or now, place.get(pair[0].node_id, 0)),
        )
        reached = {step.node_id for step in self.steps}
        return [
            *(self._row(step, bar) for step, bar in in_order),
            *(self._pending(node) for node in self.graph.order if node not in reached),
        ]

    @property
    def story(self) -> list[Told]:
        """The run's chain in sentences, in order."""
        return [
            Told(
                entry=entry,
                icon=kind_of(entry.kind).icon,
                sentence=describe_html(entry, self.names),
            )
            for entry in self.entries
        ]

    @property
    def waiting_approval(self) -> str:
        """Id of the approval that the run waits for, if it does."""
        if self.run.status != "waiting":
            return ""
        asked = [entry for entry in self.entries if entry.kind == "step.waiting"]
        waiting = {step.address for step in self.steps if step.status == "waiting"}
        open_ids = [
            entry.data["approval"]
            for entry in asked
            if entry.data["address"] in waiting
        ]
        return str(open_ids[0]) if open_ids else ""

    def _read(self, cell: Cell) -> Any:  # noqa: ANN401  any JSON value
        try:
            return self._payloads.value(cell)
        except (PayloadBroken, KeyError):
            return str(UNREADABLE)

    def _read_error(self, cell: Cell) -> Mapping[str, Any]:
        error = self._read(cell)
        if isinstance(error, dict) and {"code", "message"} <= error.keys():
            return error
        return {"code": "payload_unreadable", "message": UNREADABLE}

    def _find(self, address: str, attempt: int | None) -> Step | None:
        found = [step for step in self.steps if step.address == address]
        if attempt is not None:
            found = [step for step in found if step.attempt == attempt]
        return max(found, key=lambda step: step.attempt, default=None)

    def _node(self, address: str) -> Node | None:
        node_id = self.step.node_id if self.step else address
        return self.graph.node(node_id) if self.graph.has_node(node_id) else None

    def _row(self, step: Step, bar: Bar | None) -> StepRow:
        state = _state_of(step)
        return StepRow(
            address=step.address,
            attempt=step.attempt,
            label=self.labels.get(step.node_id, step.node_id),
            status=step.status,
            result=_result_of(step) if step.ended_at else "",
            figure=state.figure or str(LOOKS[step.status].word),
            bar=bar,
            is_selected=self.step is step,
        )

    def _pending(self, node_id: str) -> StepRow:
        return StepRow(
            address=node_id,
            attempt=1,
            label=self.labels[node_id],
            status="pending",
            result="",
            figure=str(LOOKS["pending"].word),
            bar=None,
            is_selected=self.step is None
            and self.node is not None
            and self.node.id == node_id,
        )


def _state_of(step: Step) -> StepState:
    span = _span_of(step, timezone.now())
    if step.duration_ms is not None and step.type != APPROVAL:
        figure = (
            duration(step.duration_ms / 1000) if step.duration_ms else str(_("< 1 ms"))
        )
    else:
        figure = duration(span.end - span.start) if span else ""
    return StepState(step.status, step.port, _result_of(step), figure)


def _result_of(step: Step) -> str:
    """What came of a step, in a word or two; empty where its state says it all."""
    if step.status == StepStatus.WAITING:
        return str(_("Waiting"))
    if step.status != StepStatus.COMPLETED:
        return ""
    if step.model:
        return f"{step.model} {step.model_version}"
    return step.port if step.port not in (None, "out") else ""


def _span_of(step: Step, now: datetime) -> Span | None:
    if step.started_at is None:
        return None
    return Span(step.started_at, step.ended_at or now, step.type == APPROVAL)
