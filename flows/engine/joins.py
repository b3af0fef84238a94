"""When a join starts, and what it no longer needs then. Pure."""

from enum import Enum

from flows.engine.state import Scope
from flows.engine.topology import Rule, Topology


class Verdict(Enum):
    """What the ways into an element say about it.

    UNMET: some of them were taken, but not enough can be any more.
    """

    OPEN = "open"
    MET = "met"
    UNMET = "unmet"
    DEAD = "dead"


def judge(rule: Rule, *, taken: int, dead: int, ways_in: int) -> Verdict:
    """Apply a join rule to the number of ways that are taken and dead.

    Only an element into which nothing was taken dies silently. Source: ADR 0014.
    """
    if taken == 0:
        return Verdict.DEAD if dead == ways_in else Verdict.OPEN
    if rule.mode == "any":
        return Verdict.MET
    if rule.mode == "n_of_m":
        if taken >= rule.needed:
            return Verdict.MET
        return Verdict.UNMET if dead > ways_in - rule.needed else Verdict.OPEN
    return Verdict.MET if taken + dead == ways_in else Verdict.OPEN


def no_longer_needed(shape: Topology, scope: Scope, join: str) -> list[str]:
    """List what is unfinished and leads nowhere but to the join, in stored order.

    It is the largest set whose every way out leads into the set or to the join, so not
    out of the region. What leads nowhere at all is there for its own sake and stays.
    """
    region = scope.region
    found = {
        element
        for element in region.elements
        if element not in scope.done
        and element != join
        and shape.leads.get((region.key, element))
    }
    is_shrinking = True
    while is_shrinking:
        allowed = found | {join}
        kept = {
            element
            for element in found
            if all(way.target in allowed for way in shape.leads[region.key, element])
        }
        is_shrinking = kept != found
        found = kept
    return [element for element in region.elements if element in found]
