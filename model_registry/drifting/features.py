"""What is counted of a question and its answer. Pure.

Counted are parts whose schema says which values they may have, so that no text of a
customer is ever stored: properties that list their values, truths, numbers from 0 to 1
such as scores and confidences, and how long the texts of the question are.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from model_registry.json_values import JsonObject, canonical

# However wide a schema is, a call is counted in so many parts at most.
MOST_FEATURES = 12
MOST_SORTS = 100
LONGEST = 64
TENTHS = 10
ABSENT = "absent"
SIZE = "input.size"
Feature = tuple[str, str]
Sorter = Callable[[Any], str]


class Reader:
    """Sorts the questions and answers of a version."""

    def __init__(self, input_schema: JsonObject, output_schema: JsonObject) -> None:
        asked = _sorters("input", input_schema)
        said = _sorters("output", output_schema)
        self._said = dict(list(said)[:MOST_FEATURES])
        self._asked = dict(list(asked)[: MOST_FEATURES - len(self._said)])
        self._texts = tuple(_texts(input_schema))

    def features(self, value: JsonObject, output: JsonObject) -> list[Feature]:
        """The sort of each part of a question and its answer."""
        found = [
            (name, sort(given.get(key, ABSENT)) if key in given else ABSENT)
            for sorters, given in ((self._said, output), (self._asked, value))
            for key, (name, sort) in sorters.items()
        ]
        if self._texts:
            found.append((SIZE, _size(value, self._texts)))
        return found


def _sorters(
    place: str, schema: JsonObject
) -> Iterator[tuple[str, tuple[str, Sorter]]]:
    for key, part in _properties(schema).items():
        name = f"{place}.{key}"
        sorter = _sorter(part) if isinstance(part, dict) else None
        if sorter is not None and len(name) <= LONGEST:
            yield key, (name, sorter)


def _sorter(part: Mapping[str, Any]) -> Sorter | None:
    values = part.get("enum")
    if isinstance(values, list):
        return _word if len(values) <= MOST_SORTS else None
    if part.get("type") == "boolean":
        return _word
    is_number = part.get("type") in ("number", "integer", ["number", "null"])
    return _tenth if is_number and _is_share(part) else None


def _is_share(part: Mapping[str, Any]) -> bool:
    return part.get("minimum") == 0 and part.get("maximum") == 1


def _word(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return (value if isinstance(value, str) else canonical(value))[:LONGEST]


def _tenth(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(value, int | float):
        return _word(value)
    return f"{min(int(value * TENTHS), TENTHS - 1) / TENTHS:.1f}"


def _texts(schema: JsonObject) -> Iterator[str]:
    for key, part in _properties(schema).items():
        if not isinstance(part, dict) or "enum" in part:
            continue
        if part.get("type") == "string":
            yield key


def _size(value: JsonObject, names: tuple[str, ...]) -> str:
    """Characters, to the next power of two."""
    texts = (value.get(name) for name in names)
    length = sum(len(text) for text in texts if isinstance(text, str))
    return f"<{1 << length.bit_length()}"


def _properties(schema: JsonObject) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}
