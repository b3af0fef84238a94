"""Loops and map bodies as regions that nest: where a node stands, and which loops.

A loop is the natural loop of its head: all nodes that reach a source of a feedback edge
to the head without passing the head. Loops of different heads nest or are disjoint, as
long as every head dominates the sources of its feedback edges.

Source: Aho, Lam, Sethi and Ullman, "Compilers" (2nd ed.), 9.6; ADR 0014. The nesting is
found from the inside out, with every loop taken as one node once it is known (Havlak,
"Nesting of reducible and irreducible loops", 1997), so that each node is looked at once.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from flows.graph.order import successors
from flows.graph.schema import Edge, Graph

ROOT = ""
# Far more than any graph that can be published has; further in, paths are cut off.
DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Loop:
    """A natural loop. `body` holds all its nodes, those of inner loops included."""

    head: str
    scope: str
    body: frozenset[str]
    feedback: tuple[Edge, ...]
    max_rounds: int


@dataclass(frozen=True, slots=True)
class Regions:
    """Where each node stands.

    `loops` are by head. `path` lists, for each node, the keys of the regions around it
    from the outside: "" for the flow, the id of a map, or the head of a loop. `depth`
    counts those regions without the flow, also where a path is cut off.
    """

    loops: Mapping[str, Loop]
    path: Mapping[str, tuple[str, ...]]
    depth: Mapping[str, int]

    def innermost(self, node_id: str) -> str:
        """Key of the region in which the node stands directly."""
        return self.path[node_id][-1]


def find_regions(graph: Graph) -> Regions:
    """Work out the loops and the nesting of a graph whose checks have passed.

    Feedback edges that cross a map's border are left out, since a graph with one is
    refused; a parent that is no node, or stands in its own body, counts as none.
    """
    parents = {
        node.id: node.parent if graph.has_node(node.parent or "") else None
        for node in graph.nodes
    }
    feedback = _feedback_by_head(graph, parents)
    inner, outer = _nest_loops(graph, feedback)
    homes = {node_id: inner.get(node_id) or parents[node_id] for node_id in parents}
    around = {head: outer.get(head) or parents[head] for head in feedback}
    nesting = _Nesting({**homes, **around})
    places = {node_id: nesting.find(homes[node_id]) for node_id in parents}
    paths = {node_id: path for node_id, (path, _) in places.items()}
    bodies = _bodies(paths, feedback)
    loops = {
        head: Loop(
            head=head,
            scope=parents[head] or ROOT,
            body=frozenset(bodies[head]),
            feedback=tuple(edges),
            max_rounds=min(
                (edge.max_rounds for edge in edges if edge.max_rounds), default=1
            ),
        )
        for head, edges in feedback.items()
    }
    return Regions(loops, paths, {key: depth for key, (_, depth) in places.items()})


def _feedback_by_head(
    graph: Graph, parents: Mapping[str, str | None]
) -> dict[str, list[Edge]]:
    found: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in graph.feedback:
        inside = edge.source in parents and edge.target in parents
        if inside and parents[edge.source] == parents[edge.target]:
            found[edge.target].append(edge)
    return dict(found)


def _nest_loops(
    graph: Graph, feedback: Mapping[str, list[Edge]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Find the innermost loop around each node, and the loop around each loop."""
    links = [(edge.target, edge.source) for edge in graph.edges]
    sources = successors([node.id for node in graph.nodes], links)
    places = {node_id: place for place, node_id in enumerate(graph.order)}
    inner = {head: head for head in feedback}
    outer: dict[str, str] = {}
    merged = _Merged()
    for head in sorted(feedback, key=lambda each: -places.get(each, -1)):
        whole = merged.find(head)
        members: set[str] = set()
        stack = [edge.source for edge in feedback[head]]
        while stack:
            member = merged.find(stack.pop())
            if member != whole and member not in members:
                members.add(member)
                stack.extend(sources[member])
        for member in members:
            (outer if member in feedback else inner)[member] = head
            merged.into[member] = whole
    return inner, outer


class _Merged:
    """Nodes of known loops, each standing for its loop's head."""

    def __init__(self) -> None:
        self.into: dict[str, str] = {}

    def find(self, node_id: str) -> str:
        found = node_id
        while found in self.into:
            found = self.into[found]
        while node_id in self.into:  # the next search is shorter
            self.into[node_id], node_id = found, self.into[node_id]
        return found


class _Nesting:
    """Paths and depths of regions, of which each names the one around it."""

    def __init__(self, around: Mapping[str, str | None]) -> None:
        self._around = around
        self._known: dict[str, tuple[tuple[str, ...], int]] = {ROOT: ((ROOT,), 0)}

    def find(self, region: str | None) -> tuple[tuple[str, ...], int]:
        """The region's path and depth; a circle of regions is cut open."""
        key = region or ROOT
        chain: dict[str, None] = {}
        while key not in self._known and key not in chain:
            chain[key] = None
            key = self._around[key] or ROOT
        path, depth = self._known.get(key, self._known[ROOT])
        for each in reversed(chain):
            depth += 1
            path = (*path, each) if depth <= DEEPEST else path
            self._known[each] = path, depth
        return path, depth


def _bodies(
    paths: Mapping[str, tuple[str, ...]], feedback: Mapping[str, list[Edge]]
) -> dict[str, set[str]]:
    """List the nodes of each loop, without those in the bodies of maps in it."""
    found: dict[str, set[str]] = {head: set() for head in feedback}
    for node_id, path in paths.items():
        for key in takewhile(found.__contains__, reversed(path)):
            found[key].add(node_id)
    return found
