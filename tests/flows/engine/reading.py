"""Passes through regions, and what can be read from them: the rules of the interpreter.

Nothing is counted or queued: an edge is asked for its value whenever that is needed.
"""

from dataclasses import dataclass, field

from flows.engine.topology import Rule
from flows.graph.schema import Edge
from tests.flows.engine.random_graphs import Drawn

APART = ""  # stands for all nodes of an item that is one step
RUNNING, GONE, SETTLED = "running", "gone", "settled"
Status = str | frozenset[str]  # the ports by which a node was left


@dataclass(eq=False)
class Pass:
    """One pass through a region: the flow, a round, an item."""

    key: str
    path: str = ""
    parent: "Pass | None" = None
    owner: str = ""
    number: int = 0
    status: dict[str, Status] = field(default_factory=dict)
    rounds: dict[str, list["Pass"]] = field(default_factory=dict)
    items: dict[str, list["Pass"]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    arrived: dict[str, list[str]] = field(default_factory=dict)
    is_over: bool = False


class Reading:
    """What follows from how the elements of a pass stand; it changes nothing."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.anatomy = drawn.anatomy

    def is_loop(self, scope: Pass, element: str) -> bool:
        return element != APART and self.anatomy.is_loop(scope.key, element)

    def feedback(self, scope: Pass) -> list[Edge]:
        return self.anatomy.feedback(scope.key)

    def value(self, edge: Edge, scope: Pass) -> bool | None:
        """Whether an edge is taken or dead; None while that is open."""
        element = self.anatomy.element(scope.key, edge.source)
        assert element is not None
        status = scope.status.get(element)
        if status is None or status == RUNNING:
            return None
        if status == GONE:
            return False
        if status != SETTLED:
            return edge.source_port in status
        last = scope.rounds[element][-1]
        asks = [each for each in self.feedback(last) if each.source == edge.source]
        if edge.source_port == "exhausted" and asks:
            return any(self.value(each, last) for each in asks)
        return self.value(edge, last)

    def values(self, scope: Pass, element: str) -> list[bool | None]:
        edges = self.anatomy.ways_in[scope.key, element]
        return [self.value(edge, scope) for edge in edges]

    def can_start(self, scope: Pass, element: str) -> bool:
        """Apply the table: enough arrived, or all did that can, or too few ever will."""
        values, rule = self.values(scope, element), self._rule(element)
        taken, still = values.count(True), values.count(None)
        if not taken:
            return False
        if rule.mode == "any":
            return True
        if rule.mode == "n_of_m":
            return taken >= rule.needed or taken + still < rule.needed
        return not still

    def is_met_early(self, scope: Pass, element: str) -> bool:
        rule = self._rule(element)
        least = {"any": 1, "n_of_m": rule.needed}.get(rule.mode)
        taken = self.values(scope, element).count(True)
        return least is not None and taken >= least

    def needless(self, scope: Pass, join: str) -> list[str]:
        """What is unfinished and can reach nothing that matters but by the join.

        It matters to end somewhere, to leave the region, to ask for another round, and
        to lead into what has ended already.
        """
        anatomy, key = self.anatomy, scope.key
        open_ = [
            element
            for element in anatomy.elements[key]
            if scope.status.get(element, RUNNING) == RUNNING and element != join
        ]
        leads = {each: self._targets(key, each) for each in open_}
        needed = {
            each
            for each in open_
            if not leads[each] or not leads[each] <= {join, *open_}
        }
        for _ in open_:
            needed |= {each for each in open_ if leads[each] & needed}
        return [each for each in open_ if each not in needed]

    def is_decided(self, scope: Pass) -> bool:
        return all(
            scope.status.get(element, RUNNING) != RUNNING
            for element in self.anatomy.elements[scope.key]
        )

    def are_apart(self, scope: Pass, node_id: str) -> bool:
        """Whether each item of a map is one step."""
        above = self.drawn.maps[node_id].apart_above
        return above is not None and scope.counts[node_id] > above

    def leads_on(self, asking: set[str]) -> bool:
        """Whether some node that asked for a round too many has somewhere to go."""
        return any(
            edge.source in asking and edge.source_port == "exhausted"
            for edge in self.drawn.graph.forward
        )

    def locate(self, node_id: str, scope: Pass) -> str:
        """The address of a node in a pass or in the last rounds in it."""
        element = self.anatomy.element(scope.key, node_id)
        if element is not None and self.is_loop(scope, element):
            return self.locate(node_id, scope.rounds[element][-1])
        return scope.path + node_id

    def instances(self, scope: Pass) -> list[str]:
        """The addresses of all nodes in a pass, its rounds and its items."""
        found = []
        if APART in scope.status:
            return [scope.path.rstrip("/")]
        for element in self.anatomy.elements[scope.key]:
            inner = [*scope.rounds.get(element, ()), *scope.items.get(element, ())]
            found += [each for one in inner for each in self.instances(one)]
            if element not in scope.rounds:
                found += self.instances_of(scope.key, scope.path, element)
        return found

    def instances_of(self, key: str, path: str, element: str) -> list[str]:
        if not self.anatomy.is_loop(key, element):
            return [path + element]
        return [
            found
            for inner in self.anatomy.elements[element]
            for found in self.instances_of(element, f"{path}{element}:1/", inner)
        ]

    def _rule(self, element: str) -> Rule:
        return self.drawn.rules.get(element, Rule())

    def _targets(self, key: str, element: str) -> set[str | None]:
        """Where the ways out of an element lead, None being outside and back."""
        return {
            None if edge.is_feedback else self.anatomy.element(key, edge.target)
            for edge in self.anatomy.ways_out(key, element)
        }
