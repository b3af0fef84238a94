"""Orders of a graph that is given as ids and links."""

import heapq
from collections.abc import Iterable, Mapping, Sequence

Link = tuple[str, str]


def topological_order(
    node_ids: Sequence[str], links: Iterable[Link]
) -> tuple[str, ...]:
    """Order the ids so that every link points forward; ties in the given order.

    Ids in a cycle or behind one are left out; links to unknown ids are ignored.
    """
    place = {node_id: index for index, node_id in enumerate(node_ids)}
    targets = successors(place, links)
    waiting = dict.fromkeys(place, 0)
    for node_id in place:
        for target in targets[node_id]:
            waiting[target] += 1
    ready = [place[node_id] for node_id, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        node_id = node_ids[heapq.heappop(ready)]
        order.append(node_id)
        for target in targets[node_id]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heapq.heappush(ready, place[target])
    return tuple(order)


def find_cycle(node_ids: Sequence[str], links: Iterable[Link]) -> tuple[str, ...]:
    """Find one cycle, as ids in the order of its links; empty if there is none.

    It begins at the id that stands first in `node_ids`.
    """
    links = list(links)
    ordered = set(topological_order(node_ids, links))
    places = {id_: place for place, id_ in enumerate(node_ids) if id_ not in ordered}
    if not places:
        return ()
    sources = successors(places, [(target, source) for source, target in links])
    # Every stuck node has a stuck predecessor, so walking back must meet itself.
    walk = [next(iter(places))]
    seen = {walk[0]: 0}
    while True:
        before = sources[walk[-1]][0]
        if before in seen:
            cycle = walk[seen[before] :][::-1]
            start = cycle.index(min(cycle, key=places.__getitem__))
            return (*cycle[start:], *cycle[:start])
        seen[before] = len(walk)
        walk.append(before)


def reachable_from(
    starts: Iterable[str], targets: Mapping[str, Sequence[str]]
) -> set[str]:
    """Ids that can be reached from `starts`, these included."""
    found = set(starts)
    stack = list(found)
    while stack:
        for target in targets[stack.pop()]:
            if target not in found:
                found.add(target)
                stack.append(target)
    return found


def successors(node_ids: Iterable[str], links: Iterable[Link]) -> dict[str, list[str]]:
    """List the targets of each id; links that touch an unknown id are left out."""
    found: dict[str, list[str]] = {node_id: [] for node_id in node_ids}
    known = found.keys()
    for source, target in links:
        if source in known and target in known:
            found[source].append(target)
    return found
