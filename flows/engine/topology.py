"""The shape of a graph, as `plan` looks at it: regions, elements, ways. Pure.

A region is the flow as a whole, the body of a map, or a loop. Its elements are the nodes
that stand directly in it and the loops directly in it; a loop is named by its head, which
never collides, since the head stands directly in the loop.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from flows.graph.regions import ROOT, Regions, find_regions
from flows.graph.schema import Edge, Graph

EXHAUSTED = "exhausted"
UNDRAWN = frozenset({"note"})
Mode = Literal["all", "any", "n_of_m"]


class Way(NamedTuple):
    """An edge seen from its source.

    `target` is an element of the region that lies `levels` loops further out; a feedback
    way asks the loop at that level, which is its target, for another round.
    """

    edge_id: str
    port: str
    target: str
    levels: int = 0
    is_feedback: bool = False


class Rule(NamedTuple):
    """When a join starts: `needed` is the n of `n_of_m`."""

    mode: Mode = "all"
    needed: int = 0


ALL = Rule()


class Window(NamedTuple):
    """How a map goes through its items: `limit` at once; one that fails may stop it.

    Of a list longer than `apart_above` each item is a single step.
    """

    limit: int
    stops: bool
    apart_above: int | None = None


@dataclass(slots=True)
class Region:
    """One region. `ways_in` counts the ways into each element, feedback left out.

    `tails` are the elements from which feedback to the head of this loop may come, and
    `exhausted` the ways that its last round takes when no further one is allowed.
    """

    key: str
    kind: Literal["flow", "map", "loop"]
    parent: str | None
    elements: tuple[str, ...]
    ways_in: dict[str, int] = field(default_factory=dict)
    starts: tuple[str, ...] = ()
    max_rounds: int = 1
    tails: frozenset[str] = frozenset()
    exhausted: tuple[tuple[str, Way], ...] = ()


@dataclass(frozen=True, slots=True)
class Topology:
    """Everything `plan` needs: regions by key, ways out of each node, joins, limits.

    `leads` lists the ways out of each element of a region, those of a loop included, for
    finding what a satisfied join no longer needs.
    """

    regions: dict[str, Region]
    region_of: dict[str, str]
    ways_out: dict[str, tuple[Way, ...]]
    leads: dict[tuple[str, str], tuple[Way, ...]]
    rules: Mapping[str, Rule]
    maps: Mapping[str, Window]
    outputs: frozenset[str]

    def is_loop(self, region: str, element: str) -> bool:
        """Tell whether the element is a loop, rather than the node of that id."""
        return self.region_of.get(element) != region

    def ports_drawn(self, node_id: str) -> frozenset[str]:
        """The ports of a node from which an edge leads."""
        return frozenset(way.port for way in self.ways_out[node_id])


def topology(
    graph: Graph,
    *,
    outputs: Iterable[str],
    rules: Mapping[str, Rule] | None = None,
    maps: Mapping[str, Window] | None = None,
) -> Topology:
    """Read a sound graph's shape once; `outputs` are the nodes that give the result."""
    found = find_regions(graph)
    drawn = [node.id for node in graph.nodes if node.type not in UNDRAWN]
    regions = _regions(graph, found, drawn)
    heads = {edge.source: edge.target for edge in graph.feedback}
    ways_out: dict[str, list[Way]] = {node_id: [] for node_id in drawn}
    leads: defaultdict[tuple[str, str], list[Way]] = defaultdict(list)
    for edge in graph.edges:
        way = _way(edge, found)
        if edge.source_port == EXHAUSTED and edge.source in heads:
            loop = regions[heads[edge.source]]
            inside = _book_exhausted(edge.source, way, found, loop)
            _enter(edge.source, way, found, regions, leads, inside)
        else:
            ways_out[edge.source].append(way)
            _enter(edge.source, way, found, regions, leads)
    for region in regions.values():
        ways_in = region.ways_in
        region.starts = tuple(each for each in region.elements if not ways_in[each])
    return Topology(
        regions=regions,
        region_of={node_id: found.innermost(node_id) for node_id in drawn},
        ways_out={node_id: tuple(ways) for node_id, ways in ways_out.items()},
        leads={place: tuple(ways) for place, ways in leads.items()},
        rules=rules or {},
        maps=maps or {},
        outputs=frozenset(outputs),
    )


def _regions(graph: Graph, found: Regions, drawn: list[str]) -> dict[str, Region]:
    elements: defaultdict[str, list[str]] = defaultdict(list)
    parents: dict[str, str | None] = {ROOT: None}
    for node_id in drawn:
        path = found.path[node_id]
        elements[path[-1]].append(node_id)
        parents.update(zip(path[1:], path, strict=False))
    for head, loop in found.loops.items():
        elements[parents[head] or ROOT].append(loop.head)
    for node in graph.nodes:
        if node.type == "map":
            parents.setdefault(node.id, found.innermost(node.id))
    return {
        key: Region(
            key=key,
            kind=_kind(key, found),
            parent=parent,
            elements=tuple(elements[key]),
            ways_in=dict.fromkeys(elements[key], 0),
            max_rounds=found.loops[key].max_rounds if key in found.loops else 1,
        )
        for key, parent in parents.items()
    }


def _kind(key: str, found: Regions) -> Literal["flow", "map", "loop"]:
    if key == ROOT:
        return "flow"
    return "loop" if key in found.loops else "map"


def _way(edge: Edge, found: Regions) -> Way:
    """Say where an edge leads, and out of how many loops."""
    path = found.path[edge.source]
    if edge.is_feedback:
        levels = len(path) - 1 - path.index(edge.target)
        return Way(edge.id, edge.source_port, edge.target, levels, is_feedback=True)
    inside = found.path[edge.target]
    if edge.target in found.loops and edge.target not in path:
        inside = inside[:-1]  # it enters the loop of its head, which is an element
    return Way(edge.id, edge.source_port, edge.target, len(path) - len(inside))


def _enter(
    node_id: str,
    way: Way,
    found: Regions,
    regions: dict[str, Region],
    leads: defaultdict[tuple[str, str], list[Way]],
    inside: int = 0,
) -> None:
    """Book a way at its target, and as a lead of its source and the loops around it.

    Those that lie `inside` the loop from which it leads, once that is exhausted, are
    left out: they do not resolve it.
    """
    path = found.path[node_id]
    for depth in range(inside, way.levels + 1):
        region = path[len(path) - 1 - depth]
        element = path[len(path) - depth] if depth else node_id
        leads[region, element].append(way._replace(levels=way.levels - depth))
    home = regions[path[len(path) - 1 - way.levels]]
    if way.is_feedback:
        home.tails |= {path[len(path) - way.levels] if way.levels else node_id}
    else:
        home.ways_in[way.target] += 1


def _book_exhausted(node_id: str, way: Way, found: Regions, loop: Region) -> int:
    """Let the loop resolve this way when it settles, counted from the loop itself.

    Returns: how many of the regions around the node lie in the loop, its own among them.
    """
    path = found.path[node_id]
    levels = len(path) - 1 - path.index(loop.key)
    loop.exhausted += ((node_id, way._replace(levels=way.levels - levels)),)
    return levels + 1
