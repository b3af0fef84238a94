"""A step's address taken apart: `draft:2/each[17]/pay` is pay in item 17 of round 2. Pure.

Source: `flows.engine.state`, which puts addresses together.
"""

import re
from typing import Literal, NamedTuple

SEGMENT = re.compile(
    r"(?P<key>[a-z][a-z0-9_]*)(?::(?P<round>\d+)|\[(?P<item>\d+)\])?", re.ASCII
)


class Pass(NamedTuple):
    """One pass through a region: a round of a loop, from 1, or an item of a map, from 0.

    `path` is how the addresses of everything in it begin: `draft:2/`.
    """

    kind: Literal["round", "item"]
    key: str
    number: int
    path: str

    @property
    def region(self) -> str:
        """The address of what is passed through, the same for every pass of it."""
        return self.path[: self.path[:-1].rfind("/") + 1] + self.key


class Address(NamedTuple):
    """The passes around a step, from the outside, and its node.

    The address of a scope, such as `each[3]`, has no node.
    """

    passes: tuple[Pass, ...]
    node_id: str

    @property
    def scope(self) -> str:
        """How the addresses of this step's neighbours begin; empty for the flow."""
        return self.passes[-1].path if self.passes else ""


def read_address(text: str) -> Address:
    """Take an address apart; what is none counts as the id of a node."""
    passes: list[Pass] = []
    path = ""
    for segment in text.split("/"):
        found = SEGMENT.fullmatch(segment)
        if found is None:
            return Address((), text)
        path += f"{segment}/"
        if found["round"] is None and found["item"] is None:
            # Only the last one is a node.
            is_last = len(path) == len(text) + 1
            return Address(tuple(passes), segment) if is_last else Address((), text)
        kind: Literal["round", "item"] = "item" if found["round"] is None else "round"
        number = int(found["round"] or found["item"])
        passes.append(Pass(kind, found["key"], number, path))
    return Address(tuple(passes), "")
