"""What the validator says of one field, and at which character."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flows.errors import Problem

WORD = re.compile(r"\w+|.", re.DOTALL)
# Shown of an expression on each side of a mistake.
MOST_AROUND = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """The place of a mistake in a text, with what stands around it, on one line.

    `offset` counts characters of the whole text; `at` is a blank behind its end.
    """

    before: str
    at: str
    after: str
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """Sentences about one field, and the spots that the errors point at."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()


def said_of(problems: Sequence[Problem], text: object) -> Said:
    """Sort the problems of a field whose value is `text`."""
    errors = [problem for problem in problems if problem.severity == "error"]
    return Said(
        errors=tuple(problem.message for problem in errors),
        warnings=tuple(
            problem.message for problem in problems if problem.severity == "warning"
        ),
        spots=tuple(
            spot_of(text, problem.offset)
            for problem in errors
            if problem.offset is not None and isinstance(text, str)
        ),
    )


def spot_of(text: str, offset: int) -> Spot:
    """Cut out the word or sign at a place, and what stands beside it."""
    found = WORD.match(text, offset)
    at = found[0] if found else " "
    end = min(offset + len(at), len(text))
    start, stop = max(0, offset - MOST_AROUND), end + MOST_AROUND
    return Spot(
        before=("…" if start else "") + _line(text[start:offset]),
        at=_line(at),
        after=_line(text[end:stop]) + ("…" if stop < len(text) else ""),
        offset=offset,
    )


def _line(text: str) -> str:
    return text.replace("\n", " ")
