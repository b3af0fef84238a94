"""The graph as values: what a flow document says, after parsing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flows.errors import Problem
from flows.graph.order import topological_order

__all__ = ["Edge", "Graph", "Node", "Position", "Problem"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """Where the node stands on the canvas."""

    x: float = 0
    y: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One node. `config` is checked by the node's type, not by the parser."""

    id: str
    type: str
    type_version: int = 1
    label: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    position: Position = Position()
    timeout_s: float | None = None
    ui: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """One edge, from an out port to an in port."""

    id: str
    source: str
    source_port: str = "out"
    target: str
    target_port: str = "in"


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A parsed flow. Node ids are unique; edges may still point nowhere."""

    name: str
    input_schema: Mapping[str, Any]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    ui: Mapping[str, Any] = field(default_factory=dict)

    def node(self, node_id: str) -> Node:
        """Return the node. Raises: KeyError if the graph has none of that id."""
        return self._nodes[node_id]

    def has_node(self, node_id: str) -> bool:
        """Tell whether a node has that id."""
        return node_id in self._nodes

    def incoming(self, node_id: str) -> tuple[Edge, ...]:
        """Edges that end at the node, in stored order."""
        return self._incoming.get(node_id, ())

    def outgoing(self, node_id: str) -> tuple[Edge, ...]:
        """Edges that start at the node, in stored order."""
        return self._outgoing.get(node_id, ())

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Node ids so that every edge points forward; ties in stored order.

        Nodes in a cycle or behind one are left out.
        """
        links = [(edge.source, edge.target) for edge in self.edges]
        return topological_order([node.id for node in self.nodes], links)

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _incoming(self) -> dict[str, tuple[Edge, ...]]:
        found: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge.target].append(edge)
        return {node_id: tuple(edges) for node_id, edges in found.items()}

    @cached_property
    def _outgoing(self) -> dict[str, tuple[Edge, ...]]:
        found: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            found[edge.source].append(edge)
        return {node_id: tuple(edges) for node_id, edges in found.items()}
