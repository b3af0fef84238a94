"""Which nodes start together: conditions over the choices of branching nodes.

A node with several out ports takes exactly one of them when it runs, unless it is one
that may take several, where each port is a choice of its own. What starts a node is then a set of cubes; a cube is a set of choices (node, port) that all have to be made.
No cube means never, the empty cube always. Where a node waits for its edges, one
taken edge starts it, so its cubes are those of all its sources together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import and_, or_

from flows.graph.schema import Graph

Choice = tuple[str, str]
Cube = frozenset[Choice]
Cubes = frozenset[Cube]
Ports = Mapping[str, tuple[str, ...]]

ALWAYS: Cubes = frozenset([frozenset()])
NEVER: Cubes = frozenset()
TAKEN = "taken"
MAX_CUBES = 256
MAX_VISITS = 1_000_000


class Activations:
    """Answers about the nodes in `graph.order`, with the out ports of each node.

    Conditions can grow without bound, so the effort is bounded: what could not be shown
    within it counts as not certain and not exclusive.
    """

    def __init__(
        self,
        graph: Graph,
        starts: Collection[str],
        ports: Ports,
        *,
        several: Collection[str] = (),
        partial: Collection[str] = (),
    ) -> None:
        self._visits_left = MAX_VISITS
        self._several = frozenset(several)
        self._choices = _choices(ports, self._several)
        self._firm = _Firm(graph, frozenset(partial)) if partial else None
        self._cubes: dict[str, Cubes | None] = {}
        for node_id in graph.order:
            self._cubes[node_id] = (
                ALWAYS if node_id in starts else self._incoming(graph, node_id)
            )

    def certain(self, step: str, at: str) -> bool:
        """Tell whether every way that starts `at` starts `step` too, and ends it first."""
        if self._firm is not None and not self._firm.holds(step, at):
            return False
        wanted, given = self._cubes[step], self._cubes[at]
        if wanted is None or given is None:
            return False
        if wanted in (ALWAYS, given):
            return True
        return all(self._holds(wanted, cube) for cube in given)

    def exclusive(self, one: str, other: str) -> bool:
        """Tell whether no way starts both."""
        left, right = self._cubes[one], self._cubes[other]
        if left is None or right is None or not self._visit(len(left) * len(right)):
            return False
        return not any(_agree(a, b) for a in left for b in right)

    def _incoming(self, graph: Graph, node_id: str) -> Cubes | None:
        found: set[Cube] = set()
        parent = graph.node(node_id).parent
        if parent is not None and not graph.incoming(node_id):
            return self._cubes.get(parent, NEVER)
        for edge in graph.incoming(node_id):
            cubes = self._cubes.get(edge.source, NEVER)
            if cubes is None:
                return None
            choice = self._choice(edge.source, edge.source_port)
            if choice is not None:
                cubes = frozenset(cube | {choice} for cube in cubes)
            found |= cubes
            if len(found) > MAX_CUBES:
                return None
        return _merge(found, self._choices)

    def _choice(self, node_id: str, port: str) -> Choice | None:
        if node_id in self._several:
            return f"{node_id}:{port}", TAKEN
        return (node_id, port) if node_id in self._choices else None

    def _holds(self, cubes: Cubes, made: Cube) -> bool:
        """Tell whether the cubes hold after `made`, whatever else is chosen."""
        if not self._visit(len(cubes)):
            return False
        left = frozenset(cube - made for cube in cubes if _agree(cube, made))
        if not left or frozenset() in left:
            return bool(left)
        node_id = min(node_id for cube in left for node_id, _ in cube)
        return all(
            self._holds(left, frozenset([(node_id, port)]))
            for port in self._choices[node_id]
        )

    def _visit(self, count: int) -> bool:
        self._visits_left -= count
        return self._visits_left >= 0


def _choices(ports: Ports, several: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """What is chosen where: one of its ports, or for each port whether it is taken."""
    found: dict[str, tuple[str, ...]] = {}
    for node_id, names in ports.items():
        if node_id in several:
            found |= {f"{node_id}:{name}": (TAKEN, "") for name in names}
        elif len(names) > 1:
            found[node_id] = names
    return found


class _Firm:
    """Steps that have ended when a node starts, however its joins were met."""

    def __init__(self, graph: Graph, partial: frozenset[str]) -> None:
        self._places = {node_id: place for place, node_id in enumerate(graph.order)}
        self._before: dict[str, int] = {}
        for node_id in graph.order:
            self._before[node_id] = self._steps(graph, node_id, node_id in partial)

    def holds(self, step: str, at: str) -> bool:
        place = self._places.get(step)
        return place is not None and bool(self._before.get(at, 0) >> place & 1)

    def _steps(self, graph: Graph, node_id: str, is_partial: bool) -> int:  # noqa: FBT001
        parent = graph.node(node_id).parent
        sources = [edge.source for edge in graph.incoming(node_id)]
        if not sources and parent is not None:
            sources = [parent]
        found = [
            self._before.get(source, 0) | 1 << self._places[source]
            for source in sources
            if source in self._places
        ]
        if not found:
            return 0
        return reduce(and_ if is_partial else or_, found)


def _agree(one: Cube, other: Cube) -> bool:
    chosen = dict(one)
    return all(chosen.get(node_id, port) == port for node_id, port in other)


def _absorb(cubes: Iterable[Cube]) -> set[Cube]:
    """Drop the cubes that ask for more than another one does."""
    kept: list[Cube] = []
    for cube in sorted(cubes, key=len):
        if not any(other <= cube for other in kept):
            kept.append(cube)
    return set(kept)


def _merge(cubes: set[Cube], choices: Ports) -> Cubes:
    """Put cubes together that differ only in one choice, of which they hold each port.

    Without this a row of diamonds would double the cubes at each of them.
    """
    merged = _absorb(cubes)
    while rests := _complete(merged, choices):
        merged = _absorb(merged | rests)
    return frozenset(merged)


def _complete(cubes: set[Cube], choices: Ports) -> set[Cube]:
    ports: defaultdict[tuple[Cube, str], set[str]] = defaultdict(set)
    for cube in cubes:
        for node_id, port in cube:
            ports[cube - {(node_id, port)}, node_id].add(port)
    return {
        rest
        for (rest, node_id), found in ports.items()
        if found.issuperset(choices[node_id])
    }
