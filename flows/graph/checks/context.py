"""The graph together with what the catalogue says about its nodes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flows.graph.activation import Activations
from flows.graph.ancestry import Ancestors, Dominators
from flows.graph.catalog import (
    ERROR,
    EXHAUSTED,
    INPUT,
    JOIN,
    SWITCH,
    NodeTypeLike,
)
from flows.graph.checks.expressions import Expressions, read_expressions
from flows.graph.checks.known import Known
from flows.graph.order import successors
from flows.graph.regions import Regions, find_regions
from flows.graph.schema import Graph, Node
from flows.graph.shapes import Schema
from flows.graph.ways import Ways

Catalog = Mapping[str, NodeTypeLike]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every check looks at.

    `configs` holds the configs that fit their type; a check says nothing about a node
    whose type or config is not known, since that has a problem of its own. `outputs` are
    the schemas of outputs, by node, of which more is known than their type says.
    """

    graph: Graph
    catalog: Catalog
    configs: Mapping[str, Any]
    outputs: Mapping[str, Schema] = field(default_factory=dict)

    @cached_property
    def expressions(self) -> Expressions:
        """Everything that is written as CEL, compiled once."""
        return read_expressions(self.graph, self.catalog, self.configs)

    @cached_property
    def known(self) -> Known:
        """What is known of the values that expressions read."""
        return Known(
            self.graph,
            self.catalog,
            self.configs,
            self.expressions.uses,
            self.regions,
            self.outputs,
        )

    def node_type(self, node_id: str) -> NodeTypeLike | None:
        """Find the type of a node of the graph."""
        return self.catalog.get(self.graph.node(node_id).type)

    def effect(self, node_id: str) -> str | None:
        """What a node does to the world outside; None if its config is not known."""
        node_type, config = self.node_type(node_id), self.configs.get(node_id)
        if node_type is None or config is None:
            return None
        return node_type.effect_of(config)

    def stands_alone(self, node_id: str) -> bool:
        """Tell whether nothing can be drawn to or from the node, as with a note."""
        node_type = self.node_type(node_id)
        if node_type is None or node_type.in_ports:
            return False
        return self.ports.get(node_id) == ()

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
    def ways(self) -> Ways:
        """What may follow each node.

        A node whose ports are not known yet is taken to choose among those drawn.
        """
        drawn = {
            node.id: tuple(
                dict.fromkeys(edge.source_port for edge in self.graph.outgoing(node.id))
            )
            for node in self.graph.nodes
        }
        return Ways(self.graph, drawn | self.ports, several=self._several)

    @cached_property
    def activations(self) -> Activations:
        """Which nodes start whenever another one does."""
        starts = {node.id for node in self.inputs}
        return Activations(self.graph, self.ways, starts, partial=self._partial)

    @cached_property
    def _several(self) -> dict[str, set[str]]:
        """Ports that may be taken at once, of the nodes that have such."""
        return {
            node_id: {case.port for case in config.cases}
            for node_id, config in self.configs.items()
            if self.graph.node(node_id).type == SWITCH and config.mode == "all"
        }

    @cached_property
    def _partial(self) -> set[str]:
        """Joins that may start before all their branches have ended."""
        return {
            node_id
            for node_id, config in self.configs.items()
            if self.graph.node(node_id).type == JOIN and config.mode != "all"
        }

    @cached_property
    def ancestors(self) -> Ancestors:
        """The nodes before each node of the order."""
        return Ancestors(self.graph.order, self.targets)

    @cached_property
    def dominators(self) -> Dominators:
        """The nodes that every way to a node passes, from where its scope begins."""
        return Dominators(self.graph)


def named(node: Node) -> str:
    """Name a node for a person: its label with its id, or its id."""
    if node.label and node.label != node.id:
        return f"'{node.label}' ({node.id})"
    return f"'{node.id}'"
