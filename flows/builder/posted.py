"""What somebody typed into a schema form, as its values."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from flows.builder.schema_form import Property, Values


def posted_values(
    properties: Sequence[Property], posted: QueryDict, *, prefix: str = "config"
) -> Values:
    """Read a form; its buttons `add` and `remove` name a list or one of its rows."""
    values = {
        each.name: _value(each, posted, f"{prefix}/{each.name}") for each in properties
    }
    for each in properties:
        if each.kind in ("map", "list"):
            _change_rows(each, values[each.name], posted)
    return values


def _value(asked: Property, posted: QueryDict, name: str) -> Any:  # noqa: ANN401
    match asked.kind:
        case "boolean":
            return name in posted
        case "choices":
            return posted.getlist(name)
        case "map":
            keys, values = (
                posted.getlist(f"{name}:key"),
                posted.getlist(f"{name}:value"),
            )
            return [
                (key.strip(), value) for key, value in zip(keys, values, strict=False)
            ]
        case "list":
            return _rows(asked.items, posted, name)
    return posted.get(name, "").replace("\r\n", "\n")


def _rows(
    items: Sequence[Property], posted: QueryDict, name: str
) -> list[dict[str, str]]:
    columns = [posted.getlist(f"{name}/{each.name}") for each in items]
    names = [each.name for each in items]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]


def _change_rows(asked: Property, rows: list[Any], posted: Mapping[str, str]) -> None:
    if posted.get("add") == asked.name:
        blank: Any = ("", "")
        if asked.kind == "list":
            blank = {each.name: "" for each in asked.items}
        rows.append(blank)
    name, _, index = posted.get("remove", "").partition(":")
    if name == asked.name and index.isdecimal() and int(index) < len(rows):
        del rows[int(index)]
