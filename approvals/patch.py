"""The difference between two JSON values as operations. Pure.

Source: RFC 6902, with the operations add, remove and replace.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

Operation = dict[str, Any]


def difference(before: object, after: object) -> list[Operation]:
    """Operations that turn `before` into `after`; empty if they are equal JSON.

    Objects are compared member by member, lists of equal length item by item.
    """
    return list(_compare(before, after, ""))


def _compare(before: object, after: object, path: str) -> Iterator[Operation]:
    match before, after:
        case dict(), dict():
            yield from _compare_members(before, after, path)
        case list(), list() if len(before) == len(after):
            for index, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from _compare(old, new, f"{path}/{index}")
        case _ if not _is_equal(before, after):
            yield {"op": "replace", "path": path, "value": after}


def _compare_members(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str
) -> Iterator[Operation]:
    for name, old in before.items():
        place = f"{path}/{escape(name)}"
        if name not in after:
            yield {"op": "remove", "path": place}
        else:
            yield from _compare(old, after[name], place)
    for name, new in after.items():
        if name not in before:
            yield {"op": "add", "path": f"{path}/{escape(name)}", "value": new}


def _is_equal(before: object, after: object) -> bool:
    """As JSON: true is not 1."""
    return _dump(before) == _dump(after)


def _dump(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def escape(name: str) -> str:
    """A member's name as a part of a JSON Pointer, RFC 6901."""
    return name.replace("~", "~0").replace("/", "~1")
