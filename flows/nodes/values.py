"""Named expressions, as `output`, `transform` and `model` write them."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from flows.expressions import compile_expression
from flows.nodes.base import Data, Failed, Written

# Of an event's correlation key, wherever it comes from.
MAX_KEY = 200

ValueName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,59}$")]
Cel = Annotated[str, Field(min_length=1, json_schema_extra={"format": "cel"})]
# CEL that is evaluated for each item of a list: there are `item` and `index`, too.
CelOfItem = Annotated[
    str, Field(min_length=1, json_schema_extra={"format": "cel", "x-reading": "each"})
]
Values = Annotated[dict[ValueName, Cel], Field(max_length=100)]
# Text with {{ expressions }} in it.
Text = Annotated[
    str, Field(min_length=1, max_length=20_000, json_schema_extra={"format": "text"})
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
EventName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,79}$")]
Port = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def evaluate_values(values: Mapping[str, str], data: Data) -> dict[str, Any]:
    """Evaluate every value. Raises: ExpressionFailed at the first that has none."""
    variables = data.variables
    return {
        name: compile_expression(source).evaluate(variables)
        for name, source in values.items()
    }


def event_key(event: str, source: str, data: Data) -> str | Failed:
    """Evaluate the correlation key of an event. Raises: ExpressionFailed."""
    key = compile_expression(source).evaluate(data.variables)
    if not isinstance(key, str):
        return Failed(
            code="event_key_not_text",
            message=f"The key of the event '{event}' is not text. "
            "Convert it with string().",
        )
    if "\0" in key:
        return Failed(
            code="event_key_not_text",
            message=f"The key of the event '{event}' holds the character NUL. "
            "Take that out where the key comes from.",
        )
    if len(key) > MAX_KEY:
        return Failed(
            code="event_key_too_long",
            message=f"The key of the event '{event}' has {len(key):,} characters; "
            f"{MAX_KEY} fit. Use a shorter one, such as a number of the order.",
        )
    return key


def written_values(at: str, values: Mapping[str, str]) -> list[Written]:
    """List the values with their JSON Pointers under `at`."""
    return [(f"{at}/{name}", source, "cel") for name, source in values.items()]


def values_schema(values: Mapping[str, str]) -> dict[str, Any]:
    """Write the schema of an object with exactly these names, of any value."""
    return {
        "type": "object",
        "properties": {name: {} for name in values},
        "required": list(values),
        "additionalProperties": False,
    }
