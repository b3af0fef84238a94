"""Loops and nesting by their definitions, for checking `flows.graph.regions` against.

Nothing is imported from what is checked but the graph itself: where production follows
edges backwards from the tails, this asks of every node whether it has such a way.
"""

from collections.abc import Iterable

from flows.graph.schema import Edge, Graph

ROOT = ""


def reachable(
    starts: Iterable[str], edges: Iterable[Edge], *, without: str
) -> set[str]:
    """The nodes to which some way leads that does not pass `without`."""
    found = {each for each in starts if each != without}
    is_growing = True
    while is_growing:
        more = {
            edge.target
            for edge in edges
            if edge.source in found and edge.target != without
        }
        is_growing = not more <= found
        found |= more
    return found


def is_dominated(graph: Graph, edge: Edge) -> bool:
    """Whether every way into a scope that reaches the edge's source passes its target."""
    parents = {node.id: node.parent for node in graph.nodes}
    parent = parents[edge.target]
    if parents[edge.source] != parent:
        return False
    forward = [each for each in graph.forward if parents[each.source] == parent]
    targets = {each.target for each in forward}
    starts = [
        node.id
        for node in graph.nodes
        if node.parent == parent and node.id not in targets
    ]
    return edge.source not in reachable(starts, forward, without=edge.target)


def bodies(graph: Graph) -> dict[str, frozenset[str]]:
    """The natural loop of each head: what reaches one of its tails without passing it."""
    found = {}
    for head in {edge.target for edge in graph.feedback}:
        tails = {edge.source for edge in graph.feedback if edge.target == head}
        found[head] = frozenset(
            node.id
            for node in graph.nodes
            if node.id == head
            or tails & reachable([node.id], graph.edges, without=head)
        )
    return found


class Anatomy:
    """Where each node stands, and which edges lead into and out of what."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.bodies = bodies(graph)
        self.parents = {node.id: node.parent for node in graph.nodes}
        self.chains = {node.id: self._chain(node.id) for node in graph.nodes}
        keys = {ROOT, *self.bodies, *filter(None, self.parents.values())}
        self.elements = {key: self._elements(key) for key in keys}
        self.ways_in = {
            (key, element): self._ways_in(key, element)
            for key, elements in self.elements.items()
            for element in elements
        }

    def rounds(self, head: str) -> int:
        """How many rounds a loop may have."""
        found = [edge.max_rounds for edge in self.feedback(head)]
        return min(each for each in found if each is not None)

    def feedback(self, head: str) -> list[Edge]:
        """The feedback edges of a loop."""
        return [edge for edge in self.graph.feedback if edge.target == head]

    def element(self, key: str, node_id: str) -> str | None:
        """What stands directly in a region and is or contains the node."""
        chain = self.chains[node_id]
        if key not in chain:
            return None
        rest = chain[chain.index(key) + 1 :]
        return rest[0] if rest else node_id

    def is_loop(self, key: str, element: str) -> bool:
        """Whether this element of a region is the loop of that head."""
        return self.chains[element][-1] != key

    def ways_out(self, key: str, element: str) -> list[Edge]:
        """All edges that leave an element of a region, feedback out of it included."""
        return [
            edge
            for edge in self.graph.edges
            if self.element(key, edge.source) == element
            and not self._stays(key, element, edge)
        ]

    def _stays(self, key: str, element: str, edge: Edge) -> bool:
        """Whether an edge from within an element of a region leads into it as well."""
        if edge.source == element and not self.is_loop(key, element):
            return False
        return self.element(key, edge.target) == element

    def _chain(self, node_id: str) -> tuple[str, ...]:
        around = [head for head, body in self.bodies.items() if node_id in body]
        around.sort(key=lambda head: -len(self.bodies[head]))
        parent = self.parents[node_id]
        outer = (*self._chain(parent), parent) if parent else (ROOT,)
        return (*outer, *around)

    def _elements(self, key: str) -> list[str]:
        found = [self.element(key, node.id) for node in self.graph.nodes]
        standing = [
            element
            for element, node in zip(found, self.graph.nodes, strict=True)
            if element and (self.parents[node.id] or ROOT) == self._scope(key)
        ]
        return list(dict.fromkeys(standing))

    def _scope(self, key: str) -> str:
        """The map or the flow in which a region stands, itself if it is one."""
        return (self.parents[key] or ROOT) if key in self.bodies else key

    def _ways_in(self, key: str, element: str) -> list[Edge]:
        return [
            edge
            for edge in self.graph.forward
            if self.element(key, edge.target) == element
            and self.element(key, edge.source) not in (None, element)
        ]
