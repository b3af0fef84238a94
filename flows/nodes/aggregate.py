"""Count, add up or average the items of a list, in groups if asked."""

import math
import statistics
from collections.abc import Callable, Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from flows.nodes.base import Data, Done, Failed, NodeConfig, NodeType, Schema, Written
from flows.nodes.items import evaluate_each, read_list
from flows.nodes.keys import same_key
from flows.nodes.values import Cel, CelOfItem

Number = int | float
LARGEST = 2**63


class Config(NodeConfig):
    """The list, what is computed of which value, and what the groups are made by."""

    items: Cel
    compute: Literal["count", "sum", "min", "max", "mean", "median"] = "count"
    value: CelOfItem | None = None
    group_by: CelOfItem | None = None

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        if (self.compute == "count") == (self.value is not None):
            raise ValueError(
                "give `value` for sum, min, max, mean and median, and not for count"
            )
        return self


def _sum(numbers: list[Number]) -> Number:
    whole = all(isinstance(number, int) for number in numbers)
    return sum(numbers) if whole else math.fsum(numbers)


COMPUTE: Mapping[str, Callable[[list[Number]], Number]] = {
    "count": len,
    "sum": _sum,
    "min": min,
    "max": max,
    "mean": statistics.fmean,
    "median": statistics.median,
}


def run(config: Config, data: Data) -> Done | Failed:
    """Compute one result, or one for each group in the order of their first items."""
    items = read_list(config.items, data)
    values: list[Any] = [0] * len(items)
    if config.value is not None:
        values = evaluate_each(config.value, items, data)
        if (index := _first_no_number(values)) is not None:
            return Failed(
                code="aggregate_not_number",
                message=f"Item {index}: its value is no number. Convert it with "
                "double(), or filter such items out before.",
            )
    try:
        return Done(output=_output(config, items, values, data))
    except OverflowError:
        return Failed(
            code="aggregate_too_large",
            message="The result is too large a number. Use smaller values.",
        )


def _output(
    config: Config, items: list[Any], values: list[Number], data: Data
) -> dict[str, Any]:
    output = {"result": _computed(config, values), "count": len(values)}
    if config.group_by is None:
        return output
    keys = evaluate_each(config.group_by, items, data)
    groups: dict[bytes, tuple[Any, list[Number]]] = {}
    for key, value in zip(keys, values, strict=True):
        groups.setdefault(same_key(key), (key, []))[1].append(value)
    return output | {
        "groups": [
            {"key": key, "result": _computed(config, found), "count": len(found)}
            for key, found in groups.values()
        ]
    }


def _computed(config: Config, values: list[Number]) -> Number | None:
    if not values and config.compute not in ("count", "sum"):
        return None
    result = COMPUTE[config.compute](values)
    fits = isinstance(result, float) or -LARGEST <= result < LARGEST
    if not fits or not math.isfinite(result):
        raise OverflowError
    return result


def _first_no_number(values: list[Any]) -> int | None:
    wrong = (
        index
        for index, value in enumerate(values)
        if isinstance(value, bool) or not isinstance(value, int | float)
    )
    return next(wrong, None)


def expressions(config: Config) -> list[Written]:
    """The list once; value and group for each item."""
    found: list[Written] = [("/items", config.items, "cel")]
    if config.value is not None:
        found.append(("/value", config.value, "each"))
    if config.group_by is not None:
        found.append(("/group_by", config.group_by, "each"))
    return found


def output_schema(config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The result over all items, and over each group; null where there is none."""
    result: dict[str, Any] = {
        "result": {"type": ["number", "null"]},
        "count": {"type": "integer"},
    }
    parts: dict[str, Any] = dict(result)
    if config.group_by is not None:
        group = {
            "type": "object",
            "properties": {"key": {}, **result},
            "required": ["key", *result],
            "additionalProperties": False,
        }
        parts["groups"] = {"type": "array", "items": group}
    return {
        "type": "object",
        "properties": parts,
        "required": list(parts),
        "additionalProperties": False,
    }


NODE = NodeType(
    name="aggregate",
    label="Aggregate",
    help="Counts, adds up or averages the items of a list, in groups if asked.",
    icon="receipt-2",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=expressions,
    output_schema=output_schema,
)
