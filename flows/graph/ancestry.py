"""Which nodes come before which, and which of them on every way.

One bit for each pair of nodes, so that a link costs one operation however many nodes
come before it.
"""

from collections.abc import Mapping, Sequence

from flows.graph.schema import Graph


class Ancestors:
    """Answers about the nodes of an order whose links all point forward."""

    def __init__(
        self, order: Sequence[str], targets: Mapping[str, Sequence[str]]
    ) -> None:
        self._places = {node_id: place for place, node_id in enumerate(order)}
        self._before = dict.fromkeys(order, 0)
        for node_id in order:
            mine = self._before[node_id] | (1 << self._places[node_id])
            for target in targets[node_id]:
                if target in self._before:
                    self._before[target] |= mine

    def comes_before(self, step: str, node_id: str) -> bool:
        """Tell whether some way leads from the step to the node."""
        place = self._places.get(step)
        return place is not None and bool(self._before.get(node_id, 0) >> place & 1)


class Dominators:
    """Answers about the nodes in `graph.order`, along its forward edges.

    Ways begin at the nodes into which none leads, and have nothing in common there.
    """

    def __init__(self, graph: Graph) -> None:
        self._places = {node_id: place for place, node_id in enumerate(graph.order)}
        self._passed: dict[str, int] = {}
        for node_id in graph.order:
            edges = graph.incoming(node_id)
            passed = -1 if edges else 0
            for edge in edges:
                passed &= self._passed.get(edge.source, -1)
            self._passed[node_id] = passed | 1 << self._places[node_id]

    def dominates(self, head: str, node_id: str) -> bool:
        """Tell whether every way to a node of the order passes the head."""
        place = self._places.get(head)
        return place is not None and bool(self._passed[node_id] >> place & 1)
