"""JSON as Python values: what is one, its canonical text and its digest."""

import hashlib
import json
import math
from collections.abc import Iterator
from typing import Any

import orjson

JsonObject = dict[str, Any]
STRICT = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
# A few values, however long their texts, are copied faster one by one than as text.
UNCHANGING = (str, int, bool, type(None))
FEW, DEEP = 8, 3


def canonical(value: object) -> str:
    """Write `value` with sorted keys and without spaces."""
    return json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def digest(value: object) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


class _NotFew(Exception):
    """A value is to be copied by way of its text."""


def copied(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Copy a value, so that nothing in it that can change is shared.

    Raises: TypeError or ValueError if the value is no JSON.
    """
    try:
        return _copied_few(value, DEEP)
    except _NotFew:
        return _copied_as_text(value)


def _copied_few(value: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    kind = type(value)
    if kind in UNCHANGING or (kind is float and math.isfinite(value)):
        return value
    if depth == 0 or kind not in (dict, list) or len(value) > FEW:
        raise _NotFew
    if kind is list:
        return [_copied_few(item, depth - 1) for item in value]
    if not all(type(key) is str for key in value):
        raise _NotFew
    return {key: _copied_few(item, depth - 1) for key, item in value.items()}


def _copied_as_text(value: object) -> Any:  # noqa: ANN401 - any JSON value
    try:
        text = orjson.dumps(value, option=STRICT)
    except TypeError:  # numbers beyond 64 bits, keys that are no text
        text = b"null"
    if b"null" in text:  # orjson writes that for what is no number, too
        return json.loads(json.dumps(value, allow_nan=False))
    return orjson.loads(text)


def not_json(value: object, place: str = "") -> Iterator[str]:
    """List what JSON cannot hold, as `place: sentence`."""
    match value:
        case dict():
            for key, item in value.items():
                yield from _not_json_entry(key, item, place)
        case list():
            for index, item in enumerate(value):
                yield from not_json(item, f"{place}.{index}")
        case float() if not math.isfinite(value):
            yield f"{place}: {value} is not a number in JSON."
        case str() if not is_text(value):
            yield f"{place}: holds a character that no database stores."
        case None | bool() | int() | float() | str():
            return
        case _:
            kind = type(value).__name__
            yield f"{place}: a {kind} is not JSON. Put it in quotes."


def _not_json_entry(key: object, item: object, place: str) -> Iterator[str]:
    if isinstance(key, str) and is_text(key):
        yield from not_json(item, f"{place}.{key}" if place else key)
    else:
        yield f"{place or 'file'}: the key {key!r} is no text. Put it in quotes."


def is_text(value: str) -> bool:
    """Whether text can be encoded and stored: no lone surrogate, no NUL."""
    return "\x00" not in value and value.encode(errors="replace").decode() == value


def kind_of(value: object) -> str:
    """Name the JSON type of `value`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case dict():
            return "object"
        case _:
            return "array"
