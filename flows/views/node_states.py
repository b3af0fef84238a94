"""What the rows of a run mean for each node of its graph. Pure.

A node in a loop stands as in its last round, a node in a map as its items do together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from flows.engine.addresses import read_address
from flows.models import Step, StepStatus, Wait
from flows.selectors.steps import BodyCount
from flows.views.timeline import Span
from orchestrator_site.shell.figures import clock, duration

APPROVAL = "approval"
# A model that a step waits for is a person.
ASKERS = frozenset({APPROVAL, "model"})
WAITERS = frozenset({APPROVAL, "wait", "subflow"})
# What the items of a map count as together: the first of these that there is.
MOST_TELLING = (
    "in_doubt",
    "running",
    "asking",
    "waiting",
    "retrying",
    "pending",
    "failed",
    "completed",
    "cancelled",
    "detached",
    "skipped",
)


class NodeState(NamedTuple):
    """What a drawing shows of a node.

    `status` is a key of `shell.states.LOOKS`, `ports` those by which the node left, and
    `address` the step that it stands for; empty for all items of a map together.
    """

    status: str
    ports: frozenset[str] = frozenset()
    word: str = ""
    figure: str = ""
    round: int = 0
    address: str = ""


def shown_status(status: str, node_type: str, attempt: int = 1) -> str:
    """The status as people tell them apart: who or what a step waits for."""
    if status == StepStatus.WAITING and node_type in ASKERS:
        return "asking"
    if status == StepStatus.PENDING and attempt > 1:
        return "retrying"
    return status


def states_of(
    steps: Iterable[Step],
    bodies: Iterable[BodyCount],
    waits: Mapping[str, Sequence[Wait]],
    *,
    types: Mapping[str, str],
    now: datetime,
) -> dict[str, NodeState]:
    """The state of each node that has steps; `waits` are by address, `types` by node."""
    last: dict[str, Step] = {}
    for step in steps:
        earlier = last.get(step.node_id)
        if earlier is None or _place(step) > _place(earlier):
            last[step.node_id] = step
    states = {
        node_id: state_of(step, waits.get(step.address, ()), now)
        for node_id, step in last.items()
    }
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for node_id, status, count in bodies:
        shown = shown_status(status, types.get(node_id, ""))
        counts[node_id][shown] = counts[node_id].get(shown, 0) + count
    return states | {node_id: _together(found) for node_id, found in counts.items()}


def state_of(step: Step, waits: Sequence[Wait], now: datetime) -> NodeState:
    """One step as its node."""
    passes = read_address(step.address).passes
    rounds = [each.number for each in passes if each.kind == "round"]
    return NodeState(
        status=shown_status(step.status, step.type, step.attempt),
        ports=_left_by(step),
        word=result_of(step, waits),
        figure=figure_of(step, now),
        round=rounds[-1] if rounds else 0,
        address=step.address,
    )


def _left_by(step: Step) -> frozenset[str]:
    """The ports by which the run goes on behind a step; nothing follows a detached one."""
    if step.status == StepStatus.DETACHED:
        return frozenset()
    return frozenset((step.port or "").split(",")) - {""}


def result_of(step: Step, waits: Sequence[Wait] = ()) -> str:
    """What came of a step, in a word or two; empty where its state says it all."""
    if step.status == StepStatus.WAITING:
        return waits_in_words(waits) or _waiter(step)
    if step.status == StepStatus.PENDING:
        return waits_in_words(waits)
    if step.status != StepStatus.COMPLETED:
        return ""
    if step.model:
        return f"{step.model} {step.model_version}"
    return "" if step.port in (None, "out") else step.port.replace(",", ", ")


def waits_in_words(waits: Sequence[Wait]) -> str:
    """Until when, or for which event, at most the first of each."""
    due = next((wait.due_at for wait in waits if wait.due_at), None)
    event = next((wait.name for wait in waits if wait.name), "")
    if event:
        return event
    return _("until %(time)s") % {"time": clock(due)} if due else ""


def figure_of(step: Step, now: datetime) -> str:
    """How long a step took, or has taken so far."""
    if step.duration_ms is not None and step.type not in WAITERS:
        return duration(step.duration_ms / 1000) if step.duration_ms else _("< 1 ms")
    span = span_of(step, now)
    return took(span) if span else ""


def took(span: Span) -> str:
    """How long something took."""
    length = span.end - span.start
    return duration(length) if length >= timedelta(milliseconds=1) else _("< 1 ms")


def span_of(step: Step, now: datetime) -> Span | None:
    """When a step worked or waited."""
    if step.started_at is None:
        return None
    is_wait = step.type in (APPROVAL, "wait") or step.status == StepStatus.IN_DOUBT
    return Span(step.started_at, step.ended_at or now, is_wait)


def most_telling(statuses: Iterable[str]) -> str:
    """The one status for many."""
    found = set(statuses)
    return next((each for each in MOST_TELLING if each in found), "pending")


def _place(step: Step) -> tuple[int, int]:
    return step.seq, step.attempt


def _waiter(step: Step) -> str:
    if step.type in ASKERS:
        return _("A person")
    return _("Its subflow") if step.type == "subflow" else ""


def _together(counts: Mapping[str, int]) -> NodeState:
    """Many items as one state: the one that says most, and how many are done."""
    status = most_telling(counts)
    done, all_ = counts.get("completed", 0), sum(counts.values())
    failed = counts.get("failed", 0)
    words = {"done": done, "all": all_, "failed": failed}
    word = _("%(done)d of %(all)d") % words
    if failed:
        word = _("%(failed)d of %(all)d failed") % words
    return NodeState(status=status, word=word)
