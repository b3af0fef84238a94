"""The graph together with what the catalogue says about its nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flows.graph.activation import Activations
from flows.graph.catalog import INPUT, NodeTypeLike
from flows.graph.order import successors
from flows.graph.regions import Regions, find_regions
from flows.graph.schema import Graph, Node

ERROR, EXHAUSTED, UNMET = "error", "exhausted", "unmet"
SWITCH, JOIN, MAP = "switch", "join", "map"

Catalog = Mapping[str, NodeTypeLike]


class Ancestors:
    """Which nodes come before which; one bit for each pair, since graphs can be large."""

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


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every check looks at.

    `configs` holds the configs that fit their type; a check says nothing about a node
    whose type or config is not known, since that has a problem of its own.
    """

    graph: Graph
    catalog: Catalog
    configs: Mapping[str, Any]

    def node_type(self, node_id: str) -> NodeTypeLike | None:
        """Find the type of a node of the graph."""
        return self.catalog.get(self.graph.node(node_id).type)

    @cached_property
    def ports(self) -> dict[str, tuple[str, ...]]:
        """Out ports of the nodes whose config is known, those of its settings included.

        A node whose errors take a port has `error`, one that feeds back `exhausted`.
        """
        feeding = {edge.source for edge in self.graph.feedback}
        found: dict[str, tuple[str, ...]] = {}
        for node_id, config in self.configs.items():
            node = self.graph.node(node_id)
            ports = self.catalog[node.type].out_ports(config)
            if node.on_error is not None and node.on_error.action == "port":
                ports = (*ports, ERROR)
            if node_id in feeding:
                ports = (*ports, EXHAUSTED)
            found[node_id] = ports
        return found

    @cached_property
    def regions(self) -> Regions:
        """Loops and map bodies."""
        return find_regions(self.graph)

    @cached_property
    def inputs(self) -> list[Node]:
        """The nodes where a run could start."""
        return [node for node in self.graph.nodes if node.type == INPUT]

    @cached_property
    def is_acyclic(self) -> bool:
        """Tell whether the order holds every node."""
        return len(self.graph.order) == len(self.graph.nodes)

    @cached_property
    def targets(self) -> dict[str, list[str]]:
        """What comes right after each node; the entries of its body after a map."""
        entries = [
            (node.parent, node.id)
            for node in self.graph.nodes
            if node.parent and not self.graph.incoming(node.id)
        ]
        links = [(edge.source, edge.target) for edge in self.graph.forward]
        return successors([node.id for node in self.graph.nodes], links + entries)

    @cached_property
    def activations(self) -> Activations:
        """Which nodes start together.

        A node whose ports are not known yet is taken to choose among those drawn.
        """
        starts = {node.id for node in self.inputs}
        drawn = {
            node.id: tuple({edge.source_port for edge in self.graph.outgoing(node.id)})
            for node in self.graph.nodes
        }
        return Activations(
            self.graph,
            starts,
            drawn | self.ports,
            several=self._several,
            partial=self._partial,
        )

    @cached_property
    def _several(self) -> set[str]:
        """Nodes that may leave by several ports at once."""
        return {
            node_id
            for node_id, config in self.configs.items()
            if getattr(config, "mode", None) == "all"
            and self.graph.node(node_id).type == SWITCH
        }

    @cached_property
    def _partial(self) -> set[str]:
        """Joins that may start before all their branches have ended."""
        return {
            node_id
            for node_id, config in self.configs.items()
            if self.graph.node(node_id).type == JOIN
            and getattr(config, "mode", "all") != "all"
        }

    @cached_property
    def ancestors(self) -> Ancestors:
        """The nodes before each node of the order."""
        return Ancestors(self.graph.order, self.targets)


def named(node: Node) -> str:
    """Name a node for a person: its label with its id, or its id."""
    if node.label and node.label != node.id:
        return f"'{node.label}' ({node.id})"
    return f"'{node.id}'"
