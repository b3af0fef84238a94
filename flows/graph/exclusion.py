"""Which ends of a graph one run can reach together.

Two nodes start in one run if two ways lead to them that choose alike wherever they meet.
Such a pair of ways is followed at once, the one that is behind first: so both stand at a
node that they share at the same time, and leave it by the same port. They part only
where a port leads to several nodes.
"""

from collections.abc import Collection, Iterator
from itertools import combinations, islice

from flows.graph.ways import Ways

# Pairs that are looked at before the answer is left open.
MAX_PAIRS = 50_000


class Undecided(Exception):
    """The graph's branches cross too often to follow every pair of ways."""


def reached_together(
    ways: Ways, starts: Collection[str], ends: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Find ends that one run can reach together, each at most once as the later of two.

    `ends` lead nowhere. Raises: Undecided
    """
    tops = _tops(ways, ends)
    seen: set[tuple[str, str]] = set()
    found: set[str] = set()
    for stack in _partings(ways, starts, tops):
        while stack:
            pair = stack.pop()
            if pair in seen:
                continue
            if len(seen) >= MAX_PAIRS:
                raise Undecided
            seen.add(pair)
            behind, ahead = pair
            if behind in ends:
                behind, ahead = ahead, behind
            if behind not in ends:
                stack += _steps(ways, tops, behind, ahead)
            elif pair[1] not in found:
                found.add(pair[1])
                yield pair


def _tops(ways: Ways, ends: Collection[str]) -> dict[str, str]:
    """For each node that leads to an end, the last one that all its ways there pass.

    Two ways from nodes with the same one meet in it, and are followed from there.
    """
    tops: dict[str, str] = {}
    for node_id in reversed(ways.order):
        after = {
            tops[target]
            for targets in ways.choices(node_id)
            for target in targets
            if target in tops
        }
        if node_id in ends:
            tops[node_id] = node_id
        elif after:
            tops[node_id] = after.pop() if len(after) == 1 else node_id
    return tops


def _partings(
    ways: Ways, starts: Collection[str], tops: dict[str, str]
) -> Iterator[list[tuple[str, str]]]:
    """Stacks of pairs of nodes that a run starts from one node that it reaches."""
    begin = tuple(node_id for node_id in ways.order if node_id in starts)
    reached = set(begin)
    yield _pairs(ways, tops, begin)
    for node_id in ways.order:
        if node_id in reached:
            for targets in ways.choices(node_id):
                reached.update(targets)
            for targets in ways.at_once(node_id):
                yield _pairs(ways, tops, targets)


def _pairs(
    ways: Ways, tops: dict[str, str], targets: tuple[str, ...]
) -> list[tuple[str, str]]:
    leading = [target for target in targets if target in tops]
    if len({tops[target] for target in leading}) < 2:
        return []
    leading.sort(key=ways.place.__getitem__)
    apart = (
        pair for pair in combinations(leading, 2) if tops[pair[0]] != tops[pair[1]]
    )
    return list(islice(apart, MAX_PAIRS + 1))[::-1]


def _steps(
    ways: Ways, tops: dict[str, str], behind: str, ahead: str
) -> Iterator[tuple[str, str]]:
    """Pairs after the way that is behind has gone on, by any of its choices."""
    for targets in ways.choices(behind):
        for target in targets:
            if target in tops and tops[target] != tops[ahead]:
                if ways.place[target] < ways.place[ahead]:
                    yield target, ahead
                else:
                    yield ahead, target
