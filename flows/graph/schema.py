"""The graph as values: what a flow document says, after parsing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flows.errors import Problem
from flows.graph.order import topological_order
from flows.graph.settings import Settings

__all__ = ["Edge", "Graph", "Node", "OnError", "Position", "Problem", "Retry"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """Where the node stands on the canvas."""

    x: float = 0
    y: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Retry:
    """When a step is tried again; `attempts` counts all tries.

    `on` are the error codes that are worth it (empty: all), `when` is CEL over `output`
    that asks for another try although the step completed.
    """

    attempts: int
    backoff_s: float = 1.0
    factor: float = 2.0
    max_backoff_s: float = 300.0
    on: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OnError:
    """What a step that failed for good means.

    `fail`: its run fails; `port`: it leaves by `error`; `default`: `output` stands in.
    """

    action: str
    output: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One node. `config` is checked by the node's type, not by the parser.

    `parent` is the map in whose body the node stands, `queue` names the workers that
    carry its steps out.
    """

    id: str
    type: str
    type_version: int = 1
    label: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    position: Position = Position()
    parent: str | None = None
    retry: Retry | None = None
    on_error: OnError | None = None
    timeout_s: float | None = None
    queue: str | None = None
    ui: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """One edge, from an out port to an in port."""

    id: str
    source: str
    source_port: str = "out"
    target: str
    target_port: str = "in"
    is_feedback: bool = False
    max_rounds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A parsed flow. Node ids are unique; edges may still point nowhere."""

    name: str
    input_schema: Mapping[str, Any]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    settings: Settings = Settings()
    ui: Mapping[str, Any] = field(default_factory=dict)

    def node(self, node_id: str) -> Node:
        """Return the node. Raises: KeyError if the graph has none of that id."""
        return self._nodes[node_id]

    def has_node(self, node_id: str) -> bool:
        """Tell whether a node has that id."""
        return node_id in self._nodes

    def incoming(self, node_id: str) -> tuple[Edge, ...]:
        """Edges that end at the node, in stored order; feedback edges are none."""
        return self._incoming.get(node_id, ())

    def outgoing(self, node_id: str) -> tuple[Edge, ...]:
        """Edges that start at the node, in stored order; feedback edges are none."""
        return self._outgoing.get(node_id, ())

    @cached_property
    def forward(self) -> tuple[Edge, ...]:
        """All edges but the feedback edges."""
        return tuple(edge for edge in self.edges if not edge.is_feedback)

    @cached_property
    def feedback(self) -> tuple[Edge, ...]:
        """The feedback edges."""
        return tuple(edge for edge in self.edges if edge.is_feedback)

    @cached_property
    def links(self) -> tuple[tuple[str, str], ...]:
        """What comes before what: the forward edges, and each map before its body."""
        found = [(edge.source, edge.target) for edge in self.forward]
        found += [(node.parent, node.id) for node in self.nodes if node.parent]
        return tuple(found)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Node ids so that every forward edge points forward; ties in stored order.

        A map stands before its body. Nodes in a cycle or behind one are left out.
        """
        return topological_order([node.id for node in self.nodes], self.links)

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _incoming(self) -> dict[str, tuple[Edge, ...]]:
        found: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in self.forward:
            found[edge.target].append(edge)
        return {node_id: tuple(edges) for node_id, edges in found.items()}

    @cached_property
    def _outgoing(self) -> dict[str, tuple[Edge, ...]]:
        found: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in self.forward:
            found[edge.source].append(edge)
        return {node_id: tuple(edges) for node_id, edges in found.items()}
