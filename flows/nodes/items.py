"""What the node types share that go through a list item by item."""

from collections.abc import Mapping
from typing import Any

import orjson

from flows.errors import ExpressionFailed
from flows.expressions import compile_expression
from flows.graph.uses import OF_ITEM
from flows.nodes.base import Data

MAX_ITEMS = 10_000
# What an expression reads beside its item is handed to the library for every item.
MAX_READ_BYTES = 10_000_000


def read_list(source: str, data: Data) -> list[Any]:
    """Evaluate an expression that must give a list.

    Raises: ExpressionFailed
    """
    value = compile_expression(source).evaluate(data.variables)
    if not isinstance(value, list):
        raise ExpressionFailed("The items are no list. Name the list to go through.")
    if len(value) > MAX_ITEMS:
        raise ExpressionFailed(
            f"There are {len(value):,} items; the limit is {MAX_ITEMS:,}. "
            "Go through fewer."
        )
    return value


def evaluate_each(source: str, items: list[Any], data: Data) -> list[Any]:
    """Evaluate an expression for each item, with `item` and `index` bound.

    In the body of a map `outer` is what the map gives its body.
    Raises: ExpressionFailed that names the index of the item without a value.
    """
    expression = compile_expression(source)
    variables = _around(data)
    beside = {name: variables[name] for name in expression.names if name in variables}
    for step, _guarded in expression.references:
        beside[f"steps.{step}"] = data.steps.get(step)
    _check_reading(beside, len(items))
    values = []
    for index, item in enumerate(items):
        try:
            value = expression.evaluate({**variables, "item": item, "index": index})
        except ExpressionFailed as error:
            raise ExpressionFailed(f"Item {index}: {error.message}") from None
        values.append(value)
    return values


def _around(data: Data) -> dict[str, Any]:
    variables = data.variables
    if "item" not in data.scope:
        return variables
    around = {
        name: data.scope[name] for name in (*OF_ITEM, "outer") if name in data.scope
    }
    kept = {name: value for name, value in variables.items() if name not in OF_ITEM}
    return {**kept, "outer": around}


def _check_reading(beside: Mapping[str, Any], times: int) -> None:
    if not beside:
        return
    size = len(orjson.dumps(beside)) * times
    if size > MAX_READ_BYTES:
        raise ExpressionFailed(
            f"The expression reads {size:,} bytes beside its items, since it reads them "
            f"anew for each; the limit is {MAX_READ_BYTES:,}. Take what it needs into "
            "a transform node first."
        )
