"""Read JSON, CSV or lines from a text."""

import csv
import re
from collections.abc import Iterable
from typing import Any, Literal

import orjson

from flows.expressions import compile_expression
from flows.nodes.base import Data, Done, Failed, NodeConfig, NodeType, Schema
from flows.nodes.values import Cel

MAX_DEPTH = 64
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
LINE_END = re.compile(r"\r\n|\n|\r")
VALUES: dict[str, dict[str, Any]] = {
    "json": {},
    "csv": {
        "type": "array",
        "items": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "lines": {"type": "array", "items": {"type": "string"}},
}


class NotReadable(Exception):
    """The text is not what it should be: why, and where (both from 1)."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


class Config(NodeConfig):
    """Which text, and how to read it. CSV begins with a line of column names."""

    text: Cel
    format: Literal["json", "csv", "lines"] = "json"
    delimiter: Literal["comma", "semicolon", "tab", "pipe"] = "comma"


def run(config: Config, data: Data) -> Done | Failed:
    """Read the text; what cannot be read fails with its line and column."""
    text = compile_expression(config.text).evaluate(data.variables)
    if not isinstance(text, str):
        return Failed(
            code="parse_not_text",
            message="What is to be parsed is no text. Name a field that holds text.",
        )
    try:
        return Done(output={"value": _read(config, text)})
    except NotReadable as error:
        return Failed(
            code="parse_failed",
            message=f"The text is no {_name(config.format)}: {error.reason} "
            f"(line {error.line}, column {error.column}).",
        )


def _name(format_: str) -> str:
    return "list of lines" if format_ == "lines" else format_.upper()


def _read(config: Config, text: str) -> Any:  # noqa: ANN401 - JSON
    match config.format:
        case "json":
            return _json(text)
        case "csv":
            return _csv(text, DELIMITERS[config.delimiter])
    return LINE_END.split(text.removesuffix("\n").removesuffix("\r")) if text else []


def _json(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        reason = error.msg.split(": line ")[0]
        raise NotReadable(reason, error.lineno, error.colno) from None
    if _is_deeper(value, MAX_DEPTH):
        raise NotReadable(f"it nests deeper than {MAX_DEPTH} levels", 1, 1)
    return value


def _is_deeper(value: object, levels: int) -> bool:
    """Whether more than so many objects and lists stand in each other."""
    level = _containers([value])
    for _ in range(levels):
        level = _containers(
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
        )
    return bool(level)


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list)]


def _csv(text: str, delimiter: str) -> list[dict[str, str]]:
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[dict[str, str]] = []
    names: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            if names is None:
                names = _columns(cells)
            elif cells:
                rows.append(_row(names, cells, begins))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise NotReadable(str(error), max(reader.line_num, 1), 1) from None
    if names is None:
        raise NotReadable("it has no line of column names", 1, 1)
    return rows


def _columns(cells: list[str]) -> list[str]:
    for index, name in enumerate(cells, 1):
        if not name.strip():
            raise NotReadable(f"column {index} has no name", 1, index)
        if name in cells[: index - 1]:
            raise NotReadable(f"two columns are called '{name}'", 1, index)
    return cells


def _row(names: list[str], cells: list[str], line: int) -> dict[str, str]:
    if len(cells) != len(names):
        reason = f"a row has {len(cells)} values, the head has {len(names)}"
        raise NotReadable(reason, line, min(len(cells), len(names)) + 1)
    return dict(zip(names, cells, strict=True))


def output_schema(config: Config, _input_schema: Schema) -> dict[str, Any]:
    """What was read: any JSON, rows by column name, or lines."""
    return {
        "type": "object",
        "properties": {"value": dict(VALUES[config.format])},
        "required": ["value"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="parse",
    label="Parse",
    help="Reads JSON, CSV or lines from a text.",
    icon="file-import",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=lambda config: [("/text", config.text, "cel")],
    output_schema=output_schema,
)
