"""Texts in which what a model should find is marked as [kind:value]."""

import re
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
MARK = re.compile(r"\[(\w+):([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A plain text and what stands in it: kind, start and end, in the text's order."""

    text: str
    items: tuple[tuple[str, int, int], ...]


def read_marked(task: str) -> list[MarkedText]:
    """List the held-out texts of a task."""
    return [parse_marked(line) for line in read_lines(task)]


def read_lines(task: str, name: str = "heldout.txt") -> list[str]:
    """List the lines of a file of a task, comments and empty ones left out."""
    lines = (DATA / task / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("# ")]


def parse_marked(line: str) -> MarkedText:
    """Take the marks out of a text and remember what they stood around."""
    text, items, end = "", [], 0
    for mark in MARK.finditer(line):
        text += line[end : mark.start()]
        items.append((mark.group(1), len(text), len(text) + len(mark.group(2))))
        text += mark.group(2)
        end = mark.end()
    return MarkedText(text + line[end:], tuple(items))
