"""Where a run stands, as the fold of its recorded steps. Pure."""

from dataclasses import dataclass, field
from typing import NamedTuple

from flows.engine.topology import Topology


class Arrivals(NamedTuple):
    """How many ways into a node are taken and how many are dead."""

    taken: int = 0
    dead: int = 0


@dataclass(slots=True)
class RunState:
    """What `plan` remembers of a run.

    `arrived` lists, for each node, the sources of the ways taken into it. Only `plan`
    changes a state; whoever hands one in gives it away.
    """

    arrivals: dict[str, Arrivals] = field(default_factory=dict)
    arrived: dict[str, list[str]] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    output: str | None = None
    is_over: bool = False

    def arrive(self, source: str, target: str, *, taken: bool) -> Arrivals:
        """Count a way into `target` that is now taken or dead."""
        before = self.arrivals.get(target, Arrivals())
        if taken:
            self.arrived.setdefault(target, []).append(source)
            after = Arrivals(before.taken + 1, before.dead)
        else:
            after = Arrivals(before.taken, before.dead + 1)
        self.arrivals[target] = after
        return after


def is_resolved(shape: Topology, target: str, arrivals: Arrivals) -> bool:
    """Whether every way into `target` is either taken or dead."""
    return arrivals.taken + arrivals.dead == shape.ways_in[target]
