"""What a planted bug is."""

from typing import NamedTuple


class Edit(NamedTuple):
    """A text that stands once in a file, and what takes its place."""

    path: str
    text: str
    instead: str


class Mutant(NamedTuple):
    """A bug, and the tests that have to notice it on each of `databases`.

    With `others_down` in place of the bug the same tests still pass.
    """

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    databases: tuple[str, ...] = ("sqlite",)
    others_down: tuple[Edit, ...] = ()
