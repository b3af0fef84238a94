"""Two documents side by side. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from model_registry.json_values import JsonObject

ABSENT = object()


class Row(NamedTuple):
    """What stands at one place in each; None where nothing does."""

    place: str
    one: Any
    other: Any
    differs: bool


def compare_documents(one: JsonObject, other: JsonObject) -> list[Row]:
    """Give a row for every value of either, in the order of the first document.

    Objects are opened, lists are values: `settings.model`, `settings.stop`.
    """
    left, right = dict(_values(one)), dict(_values(other))
    return [
        Row(
            place,
            left.get(place),
            right.get(place),
            left.get(place, ABSENT) != right.get(place, ABSENT),
        )
        for place in dict.fromkeys([*left, *right])
    ]


def _values(document: JsonObject, place: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        here = f"{place}.{key}" if place else key
        if isinstance(value, dict) and value:
            yield from _values(value, here)
        else:
            yield here, value
