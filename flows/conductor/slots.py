"""Which slot a run needs, by its flow's settings and its input."""

import hashlib
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from flows.errors import ConcurrencyKeyFailed, ExpressionFailed
from flows.expressions import compile_expression
from flows.graph.settings import Concurrency

MAX_TEXT = 150


class Need(NamedTuple):
    """One slot of `key`, of which there are `limit`."""

    key: str
    limit: int


def needed_slot(
    flow_id: UUID,
    concurrency: Concurrency | None,
    value: Any,  # noqa: ANN401
) -> Need | None:
    """The slot that a run with the input `value` needs; None without a limit.

    Raises: ConcurrencyKeyFailed if the key has no value for this input.
    """
    if concurrency is None:
        return None
    text = _key_text(concurrency.key, value) if concurrency.key else ""
    return Need(f"{flow_id.hex}:{text}", concurrency.limit)


def _key_text(source: str, value: Any) -> str:  # noqa: ANN401
    try:
        found = compile_expression(source).evaluate({"input": value})
    except ExpressionFailed as error:
        raise ConcurrencyKeyFailed(error.message) from error
    if found is None:
        raise ConcurrencyKeyFailed("it is null")
    text = orjson.dumps(found, option=orjson.OPT_SORT_KEYS)
    if len(text) > MAX_TEXT:
        return hashlib.sha256(text).hexdigest()
    return text.decode()
