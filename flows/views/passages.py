"""Whether a run went along an edge. Pure."""

from collections.abc import Mapping
from typing import Literal

from flows.graph.regions import Regions
from flows.graph.schema import Edge
from flows.views.node_states import NodeState

EXHAUSTED = "exhausted"
Passage = Literal["open", "taken", "moving", "dead"]
States = Mapping[str, NodeState]
LEFT_OUT = frozenset({"skipped", "cancelled", "detached"})


def passage(edge: Edge, states: States, regions: Regions) -> Passage:
    """Tell whether the edge was taken, is being taken, is dead, or is open still."""
    source, target = states.get(edge.source), states.get(edge.target)
    if edge.is_feedback:
        return _fed_back(target)
    if source is None or _goes_round_again(edge.source, states, regions):
        return "open"
    if source.status in LEFT_OUT:
        return "dead"
    if edge.source_port == EXHAUSTED or not source.address:
        return _by_target(target)
    if edge.source_port in source.ports:
        return _going(target)
    return "dead" if source.status == "completed" or source.ports else "open"


def _fed_back(head: NodeState | None) -> Passage:
    """The head is in a further round once somebody fed back to it."""
    if head is None or head.round < 2:
        return "open"
    return _going(head)


def _goes_round_again(node_id: str, states: States, regions: Regions) -> bool:
    """Tell whether a round has begun that the node is not in yet."""
    key = regions.innermost(node_id)
    head = states.get(key) if key in regions.loops else None
    return head is not None and head.round > states[node_id].round


def _by_target(target: NodeState | None) -> Passage:
    """Where nothing is known of how the source left: whether its target began."""
    if target is None:
        return "open"
    return "dead" if target.status in LEFT_OUT else _going(target)


def _going(target: NodeState | None) -> Passage:
    """Taken; on its way while its target works."""
    return "moving" if target and target.status == "running" else "taken"
