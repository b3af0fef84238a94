"""What may follow a node: the choices of branching nodes, and what each leads to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from flows.graph.catalog import EXHAUSTED
from flows.graph.schema import Edge, Graph

Ports = Mapping[str, tuple[str, ...]]
Targets = tuple[str, ...]


class Ways:
    """What follows each node of `graph.order`, by each of its choices.

    `ports` are the out ports of nodes, of which a run takes one, whatever other nodes
    choose; `several` those of which it may take any number at once. A port that nothing
    is drawn from leads to nothing. What stands in a map follows the map however it is
    left. In a loop the choices are those of the last round, so the way out by
    `exhausted` is one with the ports that feed back.
    """

    def __init__(
        self,
        graph: Graph,
        ports: Ports,
        *,
        several: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.order = graph.order
        self.place = {node_id: place for place, node_id in enumerate(graph.order)}
        self._several = several or {}
        back: defaultdict[str, set[str]] = defaultdict(set)
        for edge in graph.feedback:
            back[edge.source].add(edge.source_port)
        entries: defaultdict[str, list[str]] = defaultdict(list)
        for node in graph.nodes:
            if node.parent and not graph.incoming(node.id):
                entries[node.parent].append(node.id)
        self._ports: dict[str, dict[str, Targets]] = {}
        for node_id in graph.order:
            edges = [e for e in graph.outgoing(node_id) if e.target in self.place]
            found = _Choices(ports.get(node_id, ()), back[node_id], entries[node_id])
            self._ports[node_id] = found.lead_to(edges)

    def choices(self, node_id: str) -> list[Targets]:
        """The targets of each port of a node."""
        return list(self._ports[node_id].values())

    def at_once(self, node_id: str) -> list[Targets]:
        """Targets that one run may start together: those of one port, or of several."""
        ports, joined = self._ports[node_id], self._several.get(node_id, ())
        whole = dict.fromkeys(
            target for port in ports if port in joined for target in ports[port]
        )
        apart = [targets for port, targets in ports.items() if port not in joined]
        return [tuple(whole), *apart]


class _Choices:
    """The ports of one node by which it can be left, other than by feeding back."""

    def __init__(
        self, ports: Iterable[str], back: Collection[str], entries: Iterable[str]
    ) -> None:
        self._back = back
        self._entries = dict.fromkeys(entries)
        self._names = [port for port in ports if port != EXHAUSTED or not back]

    def lead_to(self, edges: list[Edge]) -> dict[str, Targets]:
        if len(self._names) < 2:
            ends = dict.fromkeys(edge.target for edge in edges)
            return {"": tuple(self._entries | ends)}
        targets = {port: dict(self._entries) for port in self._names}
        for edge in edges:
            is_end = edge.source_port == EXHAUSTED and self._back
            for port in self._back if is_end else (edge.source_port,):
                targets.setdefault(port, dict(self._entries))[edge.target] = None
        return {port: tuple(found) for port, found in targets.items()}
