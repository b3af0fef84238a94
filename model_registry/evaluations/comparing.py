"""One answer beside what is right about it. Pure."""

import math
from typing import Any

from model_registry.json_values import JsonObject, canonical

SCORE = "score"
Numbers = list[float]


def is_right(target: str, expected: JsonObject, output: JsonObject | None) -> bool:
    """Whether one property of the answer is what it should be."""
    if output is None or target not in output:
        return False
    return same(expected[target], output[target])


def same(one: object, other: object) -> bool:
    """Whether two JSON values are the same; 1 and 1.0 are, 1 and true are not."""
    return canonical(_plain(one)) == canonical(_plain(other))


def right_fields(
    expected: JsonObject, output: JsonObject | None, *, whole: bool = False
) -> tuple[int, int]:
    """How many of the expected properties the answer has right, and how many there are.

    With `whole`, all of them together are one.
    """
    got = output if output is not None else {}
    right = sum(
        name in got and same(value, got[name]) for name, value in expected.items()
    )
    if whole:
        return int(output is not None and right == len(expected)), 1
    return right, len(expected)


def score_of(output: JsonObject | None, *, truth: bool) -> float:
    """The score of an answer; of none, the one that is furthest from the truth."""
    value = output.get(SCORE) if output is not None else None
    if isinstance(value, int | float) and _is_number(value):
        return float(value)
    return -math.inf if truth else math.inf


def numbers_of(
    target: str, expected: JsonObject, output: JsonObject | None
) -> tuple[Numbers, Numbers] | None:
    """The expected numbers and the given ones; None where these are not as many."""
    wanted = _numbers(expected.get(target))
    got = _numbers(output.get(target)) if output is not None else None
    if not wanted or got is None or len(got) != len(wanted):
        return None
    return wanted, got


def rank_of(target: str, expected: JsonObject, output: JsonObject | None) -> int | None:
    """The place of what should be found, from 1; None where it is not among the found.

    An answer of one value is a list of one.
    """
    if output is None or target not in output:
        return None
    found = output[target]
    for place, value in enumerate(found if isinstance(found, list) else [found], 1):
        if same(value, expected[target]):
            return place
    return None


def _numbers(value: Any) -> Numbers | None:  # noqa: ANN401 - any JSON value
    items: list[Any] = value if isinstance(value, list) else [value]
    return [float(each) for each in items] if all(map(_is_number, items)) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Write whole numbers in one way."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
    return value
