"""Which nodes start whenever another one does.

A node starts when one of the edges into it is taken, so a run is one choice at each
branching node. Whether every run that starts one node starts another is decided for all
pairs at once, one bit for each: backwards, which nodes a run can keep from starting, and
forwards, what it can start while it does. Both are exact, since choices are made node by
node: one that keeps a step from starting does so wherever the run came from.
"""

from collections.abc import Collection, Mapping
from functools import reduce
from operator import and_, or_

from flows.graph.schema import Graph
from flows.graph.ways import Ways


class Activations:
    """Answers about the nodes in `graph.order`.

    `starts` are where runs begin, `partial` the joins that may start before all their
    branches have ended.
    """

    def __init__(
        self,
        graph: Graph,
        ways: Ways,
        starts: Collection[str],
        *,
        partial: Collection[str] = (),
    ) -> None:
        self._place = ways.place
        self._missing, self._avoidable = _missing(ways, starts)
        self._ended = _ended(graph, ways.place, partial) if partial else None

    def certain(self, step: str, at: str) -> bool:
        """Tell whether every run that starts `at` starts `step` too, and ends it first.

        That `step` comes before `at` is for the caller to know.
        """
        place = self._place[step]
        if self._ended is not None and not self._ended[at] >> place & 1:
            return False
        return not self._missing[at] >> place & 1

    def follows(self, step: str, at: str) -> bool:
        """Tell whether every run that starts `at` starts `step` later on."""
        return not self._avoidable[at] >> self._place[step] & 1


def _missing(
    ways: Ways, starts: Collection[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """For each node, the nodes that some run which starts it does not start.

    The second answer is about a run that begins there: what it need not lead to.
    """
    spared: dict[str, list[int]] = {}
    avoidable: dict[str, int] = {}
    for node_id in reversed(ways.order):
        spared[node_id] = [
            reduce(and_, (avoidable[target] for target in targets), -1)
            for targets in ways.choices(node_id)
        ]
        avoidable[node_id] = reduce(or_, spared[node_id]) & ~(1 << ways.place[node_id])
    missing = dict.fromkeys(ways.order, 0)
    begin = [node_id for node_id in ways.order if node_id in starts]
    for node_id in begin:
        missing[node_id] = reduce(and_, (avoidable[each] for each in begin), -1)
    for node_id in ways.order:
        for targets, left in zip(ways.choices(node_id), spared[node_id], strict=True):
            for target in targets:
                missing[target] |= missing[node_id] & left
    return missing, avoidable


def _ended(
    graph: Graph, place: Mapping[str, int], partial: Collection[str]
) -> dict[str, int]:
    """For each node, the nodes that have ended or died when it starts.

    That is all that come before it, unless a join on the way did not wait for them.
    """
    ended: dict[str, int] = {}
    for node_id in place:
        parent = graph.node(node_id).parent
        sources = [edge.source for edge in graph.incoming(node_id)]
        if not sources and parent is not None:
            sources = [parent]
        found = [
            ended[source] | 1 << place[source] for source in sources if source in ended
        ]
        combine = and_ if node_id in partial else or_
        ended[node_id] = reduce(combine, found) if found else 0
    return ended
