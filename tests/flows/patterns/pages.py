"""The table of docs/workflow-patterns.md, from which the tests take their graphs."""

import re
from typing import NamedTuple

from tests.architecture.source_tree import ROOT

PAGE = ROOT / "docs/workflow-patterns.md"
ROW = re.compile(r"\| WCP-(\d+) \| [^|]+ \| `([^`]+)` \| [^|`]*`(in -> [^`]+)`[^|]* \|")


class Row(NamedTuple):
    """One pattern: its number, the id of its test and its graph."""

    number: int
    test: str
    drawing: str


def rows() -> list[Row]:
    """All rows, as they stand on the page."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return [Row(int(number), *rest) for number, *rest in found]


def drawing_of(test: str) -> str:
    """The graph of the row that names a test."""
    (found,) = (row.drawing for row in rows() if row.test.endswith(f"::{test}"))
    return found
