"""Reading evaluation cases from a file; every problem is told with its line. Pure.

JSON Lines: one object a line, `{"input": {...}, "expected": {...}, "tags": [...]}`.
CSV: a head with columns `input.NAME`, `expected.NAME` and, if wanted, `tags`; a cell is
text where the model's schema says so, JSON elsewhere, and nothing where it is empty.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model_registry.errors import CasesInvalid
from model_registry.facts import SLUG
from model_registry.json_values import JsonObject, not_json
from model_registry.schemas import CompiledSchema

MAX_BYTES = 20_000_000
MAX_CASES = 10_000
MAX_CASE_BYTES = 256_000
MAX_TAGS = 20
SHOWN = 200
KEYS = frozenset({"input", "expected", "tags"})
PARTS = ("input", "expected")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case that was read, and the line where it stands."""

    line: int
    input: JsonObject
    expected: JsonObject
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """The schemas that cases are held against: of a question, and of a whole answer.

    What a case expects is only a part of an answer, so that each property is checked
    for itself.
    """

    input: JsonObject
    output: JsonObject


class Refused(Exception):
    """One line is no case."""


Row = tuple[int, JsonObject]


def read_cases(content: bytes, shapes: Shapes, *, is_csv: bool) -> list[CaseDraft]:
    """Read all cases. Raises: CasesInvalid with every problem, by line."""
    if len(content) > MAX_BYTES:
        raise CasesInvalid([f"file: larger than {MAX_BYTES // 1_000_000} MB."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CasesInvalid([f"line {line}: not UTF-8."]) from None
    problems: list[str] = []
    rows = _csv_rows(text, shapes, problems) if is_csv else _json_rows(text, problems)
    cases = checked_cases(rows, shapes, problems)
    if not cases and not problems:
        problems.append("file: it holds no case.")
    if problems:
        raise CasesInvalid(_first(problems))
    return cases


def checked_cases(
    rows: Iterator[Row], shapes: Shapes, problems: list[str]
) -> list[CaseDraft]:
    """Hold rows against the schemas; what does not fit is added to `problems`."""
    check = _checker(shapes)
    cases: list[CaseDraft] = []
    for line, row in rows:
        if len(cases) >= MAX_CASES:
            problems.append(f"line {line}: more than {MAX_CASES:,} cases.")
            break
        found = list(check(row))
        problems += [f"line {line}: {problem}" for problem in found]
        if not found:
            cases.append(
                CaseDraft(
                    line=line,
                    input=row["input"],
                    expected=row["expected"],
                    tags=tuple(row.get("tags", ())),
                )
            )
    return cases


def _first(problems: list[str]) -> list[str]:
    more = len(problems) - SHOWN
    return [*problems[:SHOWN], f"and {more:,} more."] if more > 0 else problems


def _json_rows(text: str, problems: list[str]) -> Iterator[Row]:
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        if len(written) > MAX_CASE_BYTES:
            problems.append(f"line {line}: longer than {MAX_CASE_BYTES:,} characters.")
            continue
        try:
            row = json.loads(written)
        except (ValueError, RecursionError) as error:
            problems.append(f"line {line}: not JSON: {error}.")
            continue
        if isinstance(row, dict):
            yield line, row
        else:
            problems.append(f"line {line}: not an object.")


def _csv_rows(text: str, shapes: Shapes, problems: list[str]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        wrong = list(_wrong_columns(head))
        if wrong:
            problems += [f"line 1: {problem}" for problem in wrong]
            return
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cells):
                continue
            try:
                yield line, _row_of(head, cells, shapes)
            except Refused as error:
                problems.append(f"line {line}: {error}")
    except csv.Error as error:
        problems.append(f"line {reader.line_num}: {error}.")


def _wrong_columns(head: list[str]) -> Iterator[str]:
    for part in PARTS:
        if not any(name.startswith(f"{part}.") for name in head):
            yield f"there is no column {part}.NAME."
    for name in head:
        part, _, rest = name.partition(".")
        if name != "tags" and not (part in PARTS and rest):
            yield f"the column {name!r} is neither input.NAME nor expected.NAME nor tags."
        if head.count(name) > 1:
            yield f"the column {name!r} stands there more than once."


def _row_of(head: list[str], cells: list[str], shapes: Shapes) -> JsonObject:
    if len(cells) != len(head):
        raise Refused(f"{len(cells)} cells, and the head has {len(head)}.")
    row: JsonObject = {"input": {}, "expected": {}}
    for name, cell in zip(head, cells, strict=True):
        part, _, rest = name.partition(".")
        if name == "tags":
            row["tags"] = cell.split()
        elif cell:
            schema = shapes.input if part == "input" else shapes.output
            row[part][rest] = _value_of(name, cell, _property(schema, rest))
    return row


def _value_of(name: str, cell: str, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """A cell as JSON, unless the schema takes text or does not say."""
    types = schema.get("type", [])
    types = types if isinstance(types, list) else [types]
    if "string" in types:
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        if not types:
            return cell
        raise Refused(f"{name} is neither text nor JSON here.") from None


def _property(schema: JsonObject, name: str) -> Mapping[str, Any]:
    properties = schema.get("properties")
    found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else {}


def _checker(shapes: Shapes) -> Callable[[JsonObject], Iterator[str]]:
    question, answer = (
        CompiledSchema(shapes.input),
        CompiledSchema(_part_of(shapes.output)),
    )

    def check(row: JsonObject) -> Iterator[str]:
        if unknown := sorted(row.keys() - KEYS):
            yield f"{', '.join(unknown)}: unknown; there are input, expected and tags."
        for part, schema in (("input", question), ("expected", answer)):
            value = row.get(part)
            if not isinstance(value, dict) or (part == "expected" and not value):
                yield f"{part} has to be an object that is not empty."
                continue
            unfit = list(not_json(value, part))
            yield from unfit or (
                f"{part} {wrong}." for wrong in schema.mismatches(value)
            )
        yield from _wrong_tags(row.get("tags", []))

    return check


def _part_of(schema: JsonObject) -> JsonObject:
    """The schema without what makes an answer whole."""
    return {key: value for key, value in schema.items() if key != "required"}


def _wrong_tags(tags: object) -> Iterator[str]:
    if not isinstance(tags, list) or len(tags) > MAX_TAGS:
        yield f"tags has to be a list of at most {MAX_TAGS} words."
        return
    for tag in tags:
        if not isinstance(tag, str) or not re.fullmatch(SLUG, tag):
            yield f"{tag!r} cannot be a tag: use small letters, digits, - and _."
