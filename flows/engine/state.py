"""Where a run stands, as the fold of its recorded steps. Pure.

A scope is one pass through a region: the flow itself, one round of a loop, one item of a
map. A step's address is the path of its scope and its node: `draft:2/evaluate`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.engine.topology import Region, Way

APART = ""  # the node of a step that stands for a whole item


class Failure(NamedTuple):
    """Why an item failed: its step `cause` did, or `code` says what came of that step."""

    cause: str
    code: str | None = None


@dataclass(slots=True)
class Items:
    """The items of a map: how many there are, are started, have ended and failed.

    Each item of those that are apart is one step, which stands for all that happens in it.
    """

    count: int
    is_apart: bool = False
    scopes: dict[int, "Scope"] = field(default_factory=dict)
    ended: int = 0
    failed: dict[int, Failure] = field(default_factory=dict)
    is_stopped: bool = False


@dataclass(slots=True)
class Scope:
    """One pass through a region.

    `owner` is the element of `parent` that this pass belongs to, `number` the round
    (from 1) or the index of the item (from 0). `taken`, `dead` count ways into elements,
    `arrived` their sources. `done` are elements that are resolved: ended, dead or
    cancelled. `exits` are ways out of the loop, held until it settles; `fed` the sources
    of the feedback that was taken, by edge. `rounds` are the passes of each loop in here,
    the last one current; `items` those of each map.
    """

    region: Region
    path: str = ""
    parent: "Scope | None" = None
    owner: str = ""
    number: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    dead: dict[str, int] = field(default_factory=dict)
    arrived: dict[str, list[str]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    exits: list[tuple[Way, bool, str]] = field(default_factory=list)
    fed: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, list["Scope"]] = field(default_factory=dict)
    items: dict[str, Items] = field(default_factory=dict)
    is_over: bool = False

    def address(self, node_id: str) -> str:
        """The address of a node that stands directly in this scope."""
        return self.path + node_id

    @property
    def is_apart(self) -> bool:
        """Whether this is an item of which a single step stands for all that happens."""
        return bool(
            self.region.kind == "map"
            and self.parent
            and self.parent.items[self.owner].is_apart
        )

    @property
    def is_resolved(self) -> bool:
        """Whether nothing in here can happen any more."""
        return len(self.done) == len(self.region.elements)

    def outwards(self) -> Iterator["Scope"]:
        """This scope and those around it, from the inside."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


@dataclass(slots=True)
class RunState:
    """What `plan` remembers of a run.

    `active` maps the address of each step that has started and not ended to its scope
    and node. Only `plan` changes a state; whoever hands one in gives it away.
    """

    root: Scope
    active: dict[str, tuple[Scope, str]] = field(default_factory=dict)
    output: str | None = None
    is_over: bool = False
    steps: int = 0


def find_address(scope: Scope, path: tuple[str, ...], node_id: str) -> str | None:
    """Find the step that `steps.<node_id>` means where `scope` is.

    `path` are the keys of the regions around the node, from the outside. Inside a loop
    that is this round's step, from outside the last round's. None if there was none.
    """
    chain = list(scope.outwards())[::-1]
    if chain[0].region.key not in path:
        return None  # this run is one for an item, and the node stands outside of it
    path = path[path.index(chain[0].region.key) :]
    depth = 0
    while (
        depth + 1 < min(len(chain), len(path))
        and chain[depth + 1].region.key == path[depth + 1]
    ):
        depth += 1
    found = chain[depth]
    for key in path[depth + 1 :]:
        rounds = found.rounds.get(key)
        if not rounds:
            return None
        found = rounds[-1]
    return found.address(node_id)


def is_item(address: str) -> bool:
    """Tell whether a step stands for a whole item of a map, as `each[17]` does."""
    return address.endswith("]")
