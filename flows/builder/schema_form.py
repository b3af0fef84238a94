"""From a node type's JSON Schema to the fields of a form, and back to a config.

A config need not be valid to be shown or read: whatever was typed stays, and the
validator's problems stand at the fields they point to.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flows.builder.said import Said, said_of
from flows.errors import Problem
from flows.graph.limits import escape
from flows.graph.uses import Reading

Schema = Mapping[str, Any]
Kind = Literal[
    "text",
    "long",
    "expression",
    "number",
    "boolean",
    "choice",
    "choices",
    "map",
    "list",
    "json",
]
LONG_TEXT = 500
# What a form holds, by property: text, a truth, a list of words, or rows.
Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """One property of a config and how it is edited; `items` are those of a row.

    `reads` is how it is read as an expression, or each value of a map is, if so.
    """

    name: str
    kind: Kind
    title: str
    hint: str = ""
    reads: Reading | None = None
    is_required: bool = False
    is_whole: bool = False
    default: Any = None
    options: tuple[Any, ...] = ()
    items: tuple["Property", ...] = ()

    @property
    def texts(self) -> list[str]:
        """The options as a form shows and sends them."""
        return [_text(option) for option in self.options]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One entry of a map (`key`, `value`) or of a list (`fields`).

    `html_id` is that of the value.
    """

    index: int
    html_id: str = ""
    key: str = ""
    value: str = ""
    fields: tuple["Field", ...] = ()
    said: Said = Said()


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A property with its value, ready to be drawn."""

    property: Property
    html_name: str
    html_id: str
    pointer: str
    value: Any = ""
    rows: tuple[Row, ...] = ()
    said: Said = Said()


def properties_of(schema: Schema) -> tuple[Property, ...]:
    """List the properties of an object's schema, as it orders them.

    The schema may be somebody's unfinished draft: what cannot be read is JSON to type.
    """
    required = _list(schema.get("required"))
    return tuple(
        _property(name, _resolved(part, schema), schema, is_required=name in required)
        for name, part in _object(schema.get("properties")).items()
    )


def _property(name: str, part: Schema, root: Schema, *, is_required: bool) -> Property:
    kind = _kind(part)
    inner = _resolved(part.get("items"), root)
    items: tuple[Property, ...] = ()
    if kind == "list":
        items = properties_of({"$defs": root.get("$defs"), **inner})
    return Property(
        name=name,
        kind=kind,
        title=str(part.get("title") or name).replace("_", " ").capitalize(),
        hint=str(part.get("description") or ""),
        reads=_reads(*_inner_texts(part)) if kind == "map" else _reads(part),
        is_required=is_required,
        is_whole=part.get("type") == "integer",
        default=part.get("default"),
        options=tuple(_list((inner if kind == "choices" else part).get("enum"))),
        items=items,
    )


def _resolved(part: object, root: Schema) -> Schema:
    """Follow a reference, and look through "or null"."""
    found = _object(part)
    if "$ref" in found:
        name = str(found["$ref"]).rpartition("/")[2]
        return {**_object(_object(root.get("$defs")).get(name)), **found}
    given = [_object(each) for each in _list(found.get("anyOf"))]
    some = [each for each in given if each.get("type") != "null"]
    return {**_resolved(some[0], root), **found} if len(some) == 1 else found


def _object(value: object) -> Schema:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


SIMPLE: Mapping[object, Kind] = {
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
}


def _kind(part: Schema) -> Kind:
    if _list(part.get("enum")):
        return "choice"
    match part.get("type"):
        case "string":
            return _kind_of_text(part)
        case "array":
            return _kind_of_list(_object(part.get("items")))
        case "object" if _holds_texts(part):
            return "map"
        case str(name):
            return SIMPLE.get(name, "json")
    return "json"


def _kind_of_text(part: Schema) -> Kind:
    most = part.get("maxLength")
    is_long = isinstance(most, int) and most > LONG_TEXT
    formats: dict[object, Kind] = {"cel": "expression", "text": "long"}
    return formats.get(part.get("format"), "long" if is_long else "text")


def _kind_of_list(items: Schema) -> Kind:
    if _list(items.get("enum")):
        return "choices"
    return "list" if "$ref" in items or "properties" in items else "json"


def _holds_texts(part: Schema) -> bool:
    """Whether an object is names with a text each."""
    return {inner.get("type") for inner in _inner_texts(part)} == {"string"}


def _inner_texts(part: Schema) -> list[Schema]:
    inner = [
        *_object(part.get("patternProperties")).values(),
        part.get("additionalProperties"),
    ]
    return [_object(each) for each in inner if _object(each)]


def _reads(*parts: Schema) -> Reading | None:
    """How a text is read as an expression; None if it is only text."""
    readings: tuple[Reading, ...] = ("each", "cel", "text")
    asked = [part.get("x-reading", part.get("format")) for part in parts[:1]]
    return next((reading for reading in readings if reading in asked), None)


def values_of(properties: Sequence[Property], config: Mapping[str, Any]) -> Values:
    """What the form shows of a config."""
    return {each.name: _shown(each, config.get(each.name)) for each in properties}


def _shown(asked: Property, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if asked.kind == "boolean":
        return bool(asked.default if value is None else value)
    if asked.kind == "choices":
        chosen = asked.default if value is None else value
        return [_text(each) for each in _list(chosen)]
    if asked.kind == "map":
        return [(key, _text(inner)) for key, inner in _object(value).items()]
    if asked.kind == "list":
        rows = _list(value)
        return [values_of(asked.items, row) for row in rows if isinstance(row, dict)]
    return _text(asked.default if value is None else value)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def config_of(properties: Sequence[Property], values: Values) -> dict[str, Any]:
    """The config that a form's values mean; what means nothing is left out."""
    config = {}
    for each in properties:
        meant = _meant(each, values[each.name])
        is_empty = meant in ("", [], {})
        if not is_empty or each.is_required:
            config[each.name] = meant
    return config


def _meant(asked: Property, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match asked.kind:
        case "choice" | "choices":
            return _chosen(asked, value)
        case "number":
            return _number(value, is_whole=asked.is_whole)
        case "json":
            return _parsed(value)
        case "map":
            return {key: inner for key, inner in value if key or inner}
        case "list":
            return [config_of(asked.items, row) for row in value]
    return value


def _chosen(asked: Property, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The options behind the texts of a form; an unknown text stays one."""
    behind = {_text(option): option for option in asked.options}
    if asked.kind == "choices":
        return [behind.get(each, each) for each in value]
    return behind.get(value, value)


def _number(text: str, *, is_whole: bool) -> int | float | str:
    """A number where the text is one; else the text, for the validator to refuse."""
    try:
        return int(text) if is_whole else float(text)
    except ValueError:
        return text


def _parsed(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text)
    except ValueError:
        return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A config's fields with its problems at them.

    `is_fresh`: nobody has typed yet, so an empty field is no mistake.
    """

    properties: tuple[Property, ...]
    values: Values
    problems: Sequence[Problem] = ()
    prefix: str = "config"
    is_fresh: bool = False

    @property
    def fields(self) -> list[Field]:
        """Every property, in order."""
        return [
            self._field(each, self.values[each.name], f"/{escape(each.name)}", "")
            for each in self.properties
        ]

    def _field(self, asked: Property, value: Any, at: str, row: str) -> Field:  # noqa: ANN401
        name = f"{self.prefix}{at}" if not row else f"{self.prefix}{row}/{asked.name}"
        rows: tuple[Row, ...] = ()
        if asked.kind == "map":
            rows = tuple(self._pairs(value, at))
        elif asked.kind == "list":
            rows = tuple(self._groups(asked, value, at))
        return Field(
            property=asked,
            html_name=name,
            html_id=_html_id(at),
            pointer=at,
            value=value,
            rows=rows,
            said=self._said(at, value, deep=not rows),
        )

    def _pairs(self, pairs: Sequence[tuple[str, str]], at: str) -> Iterator[Row]:
        for index, (key, value) in enumerate(pairs):
            said = self._said(f"{at}/{escape(key)}", value, deep=True)
            html_id = f"{_html_id(at)}-{index}-value"
            yield Row(index=index, html_id=html_id, key=key, value=value, said=said)

    def _groups(
        self, asked: Property, rows: Sequence[Values], at: str
    ) -> Iterator[Row]:
        for index, row in enumerate(rows):
            place = f"{at}/{index}"
            fields = tuple(
                self._field(each, row[each.name], f"{place}/{each.name}", at)
                for each in asked.items
            )
            said = self._said(place, row, deep=False)
            yield Row(index=index, fields=fields, said=said)

    def _said(self, at: str, value: Any, *, deep: bool) -> Said:  # noqa: ANN401
        if self.is_fresh and not value:
            return Said()
        mine = [
            problem
            for problem in self.problems
            if problem.pointer == at or (deep and problem.pointer.startswith(f"{at}/"))
        ]
        return said_of(mine, value)


def _html_id(at: str) -> str:
    return "field" + at.replace("/", "-")
