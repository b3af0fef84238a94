"""Loops and map bodies as regions that nest: where a node stands, and which loops.

A loop is the natural loop of its head: all nodes that reach a source of a feedback edge
to the head without passing the head. Loops of different heads nest or are disjoint, as
long as every head dominates the sources of its feedback edges.

Source: Aho, Lam, Sethi and Ullman, "Compilers" (2nd ed.), 9.6; ADR 0014.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.graph.order import successors
from flows.graph.schema import Edge, Graph

ROOT = ""


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
    from the outside: "" for the flow, the id of a map, or the head of a loop.
    """

    loops: Mapping[str, Loop]
    path: Mapping[str, tuple[str, ...]]

    def innermost(self, node_id: str) -> str:
        """Key of the region in which the node stands directly."""
        return self.path[node_id][-1]


def find_regions(graph: Graph) -> Regions:
    """Work out the loops and the nesting of a graph whose checks have passed.

    Feedback edges that cross a map's border are left out, since a graph with one is
    refused; a parent that is no node, or stands in its own body, counts as none.
    """
    parents = {node.id: node.parent for node in graph.nodes}
    loops = {loop.head: loop for loop in _loops(graph, parents)}
    by_size = sorted(loops.values(), key=lambda loop: -len(loop.body))
    around: dict[str, list[str]] = {node_id: [] for node_id in parents}
    for loop in by_size:
        for node_id in loop.body:
            around[node_id].append(loop.head)
    paths: dict[str, tuple[str, ...]] = {}
    for node_id in parents:
        _place(node_id, parents, around, paths)
    return Regions(loops, paths)


def dominates(graph: Graph, head: str, node_id: str) -> bool:
    """Tell whether every way to the node from where its scope begins passes the head.

    A scope begins at the nodes into which no forward edge leads.
    """
    scope = graph.node(head).parent
    if graph.node(node_id).parent != scope:
        return False
    inside = [node.id for node in graph.nodes if node.parent == scope]
    links = [(edge.source, edge.target) for edge in graph.forward]
    targets = successors(inside, links)
    stack = [each for each in inside if not graph.incoming(each) and each != head]
    reached = set(stack)
    while stack:
        for target in targets[stack.pop()]:
            if target != head and target not in reached:
                reached.add(target)
                stack.append(target)
    return node_id not in reached


def _loops(graph: Graph, parents: Mapping[str, str | None]) -> Iterable[Loop]:
    by_head: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in graph.feedback:
        inside = edge.source in parents and edge.target in parents
        if inside and parents[edge.source] == parents[edge.target]:
            by_head[edge.target].append(edge)
    sources = successors(parents, [(edge.target, edge.source) for edge in graph.edges])
    for head, edges in by_head.items():
        body = _natural_loop(head, [edge.source for edge in edges], sources)
        rounds = [edge.max_rounds for edge in edges if edge.max_rounds]
        yield Loop(
            head=head,
            scope=parents[head] or ROOT,
            body=frozenset(body),
            feedback=tuple(edges),
            max_rounds=min(rounds, default=1),
        )


def _natural_loop(
    head: str, tails: list[str], sources: Mapping[str, list[str]]
) -> set[str]:
    body = {head}
    stack = [tail for tail in tails if tail != head]
    while stack:
        node_id = stack.pop()
        if node_id not in body:
            body.add(node_id)
            stack.extend(sources[node_id])
    return body


def _place(
    node_id: str,
    parents: Mapping[str, str | None],
    around: Mapping[str, list[str]],
    paths: dict[str, tuple[str, ...]],
) -> tuple[str, ...]:
    if node_id in paths:
        return paths[node_id]
    paths[node_id] = (ROOT, *around[node_id])  # ends a circle of parents
    parent = parents[node_id]
    if parent is not None and parent in parents:
        outer = _place(parent, parents, around, paths)
        paths[node_id] = (*outer, parent, *around[node_id])
    return paths[node_id]
