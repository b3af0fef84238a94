"""When two JSON values are the same key."""

from typing import Any

import orjson


def same_key(value: Any) -> bytes:  # noqa: ANN401 - JSON
    """Give the same bytes for equal values: `1` and `1.0`, objects in any order."""
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
