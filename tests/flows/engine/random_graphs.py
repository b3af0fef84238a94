"""Random flows with everything the engine knows: joins, loops in loops, maps in both."""

from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from flows.engine.topology import Rule, Topology, Window, topology
from flows.graph.schema import Edge, Graph, Node
from tests.flows.engine.anatomy import Anatomy, bodies, is_dominated

PORTS = ("a", "b")
MAX_DEPTH = 2


@dataclass(frozen=True)
class Drawn:
    """A flow and what its nodes' configurations would say of it.

    `ports` are those by which a node may be left, drawn or not, `waits` the nodes that are ended from
    outside, `outputs` those that give the result.
    """

    graph: Graph
    rules: dict[str, Rule]
    maps: dict[str, Window]
    ports: dict[str, tuple[str, ...]]
    waits: frozenset[str]
    outputs: frozenset[str]

    @cached_property
    def anatomy(self) -> Anatomy:
        return Anatomy(self.graph)

    def ports_of(self, address: str) -> tuple[str, ...]:
        """The ports of a step; one that stands for an item has none."""
        return self.ports.get(address.rpartition("/")[2], ())

    def waits_for(self, address: str) -> bool:
        """Whether a step is ended from outside."""
        return address.rpartition("/")[2] in self.waits

    @cached_property
    def shape(self) -> Topology:
        return topology(
            self.graph, outputs=self.outputs, rules=self.rules, maps=self.maps
        )


def seeded(seed: object) -> Random:
    """A source of chance that gives the same for the same seed."""
    return Random(str(seed))  # noqa: S311  flows, not secrets


def random_flow(seed: object) -> Drawn:
    """Draw a flow of up to about twenty nodes; it may be one node, or none but loops."""
    random = seeded(seed)
    drawing = _Drawing(random)
    drawing.fill(None, random.randint(1, 12), depth=0)
    for _ in range(random.randint(0, 8)):
        drawing.feed_back()
    drawing.exhaust()
    return drawing.finished()


@dataclass
class _Drawing:
    random: Random
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    maps: dict[str, Window] = field(default_factory=dict)

    def fill(self, parent: str | None, size: int, *, depth: int) -> None:
        """Draw the nodes of the flow or of a map's body, each behind earlier ones."""
        standing: list[str] = []
        for _ in range(size):
            sources = self._sources(standing, parent)
            node_id = self._node(parent, depth)
            for source in sources:
                self._edge(source, self.random.choice(PORTS), node_id)
            if len(sources) > 1 and self.random.random() < 0.6:
                self.rules[node_id] = self._rule(len(sources))
            standing.append(node_id)

    def _sources(self, standing: list[str], parent: str | None) -> list[str]:
        if not standing or (parent and self.random.random() < 0.2):
            return []
        count = min(len(standing), self.random.choice((1, 1, 1, 2, 2, 3)))
        return self.random.sample(standing[-5:], min(count, len(standing[-5:])))

    def _node(self, parent: str | None, depth: int) -> str:
        node_id = f"n{len(self.nodes)}"
        is_map = depth < MAX_DEPTH and self.random.random() < 0.15
        self.nodes.append(
            Node(id=node_id, type="map" if is_map else "transform", parent=parent)
        )
        if is_map:
            self.maps[node_id] = Window(
                limit=self.random.randint(1, 3),
                stops=self.random.random() < 0.3,
                apart_above=self.random.choice((None, None, 1)),
            )
            self.fill(node_id, self.random.randint(1, 4), depth=depth + 1)
        return node_id

    def _rule(self, ways_in: int) -> Rule:
        mode = self.random.choice(("all", "any", "n_of_m"))
        count = self.random.randint(1, ways_in) if mode == "n_of_m" else 0
        return Rule(mode, count)

    def _edge(self, source: str, port: str, target: str, rounds: int | None = None):
        edge = Edge(
            id=f"e{len(self.edges)}",
            source=source,
            source_port=port,
            target=target,
            is_feedback=rounds is not None,
            max_rounds=rounds,
        )
        self.edges.append(edge)

    def feed_back(self) -> None:
        """Draw a feedback edge, if the one that comes to mind is allowed."""
        source = self.random.choice(self.nodes)
        inside = [node for node in self.nodes if node.parent == source.parent]
        before = inside[: inside.index(source) + 1]
        heads = [node.id for node in before if node.id not in self.maps]
        if heads:
            port, rounds = self.random.choice(PORTS), self.random.randint(1, 3)
            self._edge(source.id, port, self.random.choice(heads), rounds)
            if not self._is_sound():
                self.edges.pop()

    def exhaust(self) -> None:
        """Draw ways that are taken when a loop has used up its rounds."""
        graph = self._graph()
        for tail in dict.fromkeys(edge.source for edge in graph.feedback):
            parent = graph.node(tail).parent
            inside = [node.id for node in self.nodes if node.parent == parent]
            behind = inside[inside.index(tail) + 1 :]
            if behind and self.random.random() < 0.6:
                self._edge(tail, "exhausted", self.random.choice(behind))
                if not self._is_sound():
                    self.edges.pop()
            elif self.random.random() < 0.8:
                self._edge(tail, "exhausted", self._node(parent, MAX_DEPTH))

    def _is_sound(self) -> bool:
        """What the checks of `flows.graph` ask of feedback edges."""
        graph = self._graph()
        heads = {edge.source: edge.target for edge in graph.feedback}
        loops = bodies(graph)
        return all(
            is_dominated(graph, edge) and heads[edge.source] == edge.target
            for edge in graph.feedback
        ) and not any(
            edge.source_port == "exhausted" and edge.target in loops[heads[edge.source]]
            for edge in graph.forward
        )

    def _graph(self) -> Graph:
        return Graph(
            name="random",
            input_schema={},
            nodes=tuple(self.nodes),
            edges=tuple(self.edges),
        )

    def finished(self) -> Drawn:
        graph = self._graph()
        ports: dict[str, tuple[str, ...]] = {}
        for node in self.nodes:
            drawn = {edge.source_port for edge in self.edges if edge.source == node.id}
            loose = {"loose"} if drawn and self.random.random() < 0.2 else set()
            ports[node.id] = tuple(sorted(drawn - {"exhausted"} | loose))
        plain = [node.id for node in self.nodes if node.id not in self.maps]
        return Drawn(
            graph=graph,
            rules=self.rules,
            maps=self.maps,
            ports=ports,
            waits=frozenset(each for each in plain if self.random.random() < 0.2),
            outputs=frozenset(
                node.id for node in self.nodes if not ports[node.id] and not node.parent
            ),
        )
