"""The shape of a graph, as `plan` looks at it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from flows.graph.schema import Graph


class Way(NamedTuple):
    """An edge seen from its source."""

    port: str
    target: str


@dataclass(frozen=True, slots=True)
class Topology:
    """Ways out of each node, number of ways in, and where a run starts and ends."""

    ways_out: dict[str, tuple[Way, ...]]
    ways_in: dict[str, int]
    starts: tuple[str, ...]
    outputs: frozenset[str]


def topology(graph: Graph, *, outputs: Iterable[str]) -> Topology:
    """Read a graph's shape once; `outputs` are the nodes whose output is the run's."""
    ways_in = {node.id: len(graph.incoming(node.id)) for node in graph.nodes}
    return Topology(
        ways_out={
            node.id: tuple(
                Way(edge.source_port, edge.target) for edge in graph.outgoing(node.id)
            )
            for node in graph.nodes
        },
        ways_in=ways_in,
        starts=tuple(node_id for node_id, count in ways_in.items() if not count),
        outputs=frozenset(outputs),
    )
