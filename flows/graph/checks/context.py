"""The graph together with what the catalogue says about its nodes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flows.graph.activation import Activations
from flows.graph.catalog import INPUT, NodeTypeLike
from flows.graph.order import successors
from flows.graph.schema import Graph, Node

Catalog = Mapping[str, NodeTypeLike]


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
        """Out ports of the nodes whose config is known."""
        return {
            node_id: self.catalog[self.graph.node(node_id).type].out_ports(config)
            for node_id, config in self.configs.items()
        }

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
        """Targets of each node."""
        links = [(edge.source, edge.target) for edge in self.graph.edges]
        return successors([node.id for node in self.graph.nodes], links)

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
        return Activations(self.graph, starts, drawn | self.ports)

    @cached_property
    def ancestors(self) -> dict[str, set[str]]:
        """The nodes before each node of the order."""
        found: dict[str, set[str]] = {node.id: set() for node in self.graph.nodes}
        for node_id in self.graph.order:
            for target in self.targets[node_id]:
                found[target] |= found[node_id] | {node_id}
        return found


def named(node: Node) -> str:
    """Name a node for a person: its label with its id, or its id."""
    if node.label and node.label != node.id:
        return f"'{node.label}' ({node.id})"
    return f"'{node.id}'"
