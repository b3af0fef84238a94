"""What a JSON value must keep to before anything else looks at it."""

import json
import math
from collections.abc import Iterator
from typing import Any

import orjson

from flows.errors import GraphInvalid, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
INT64 = range(-(2**63), 2**63)


def parse_text(text: bytes) -> object:
    """Read JSON that may come from anywhere.

    Raises: GraphInvalid if the text is no JSON, too large, too deep, or writes a key
    twice, where programs would disagree about which value counts.
    """
    if len(text) > MAX_BYTES:
        raise GraphInvalid([too_large(len(text))])
    repeated: list[str] = []

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            repeated.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return found

    try:
        value: object = json.loads(text, object_pairs_hook=unique)
    except RecursionError:
        raise GraphInvalid([too_deep("")]) from None
    except ValueError as error:
        raise GraphInvalid(
            [not_json(f"The document is not JSON: {error}. Correct it.")]
        ) from None
    if repeated:
        raise GraphInvalid([key_duplicate(key) for key in dict.fromkeys(repeated)])
    return value


def limit_problems(document: object) -> list[Problem]:
    """Say what keeps the document from being a JSON document of allowed size."""
    for pointer, value, depth in walk(document):
        if depth > MAX_DEPTH:
            return [too_deep(pointer)]
        if flaw := value_flaw(value):
            return [not_json(f"{flaw} Change the value at '{pointer}'.", pointer)]
    try:
        size = len(orjson.dumps(document))
    except (TypeError, ValueError):
        return [
            not_json("The document holds text that is not valid Unicode. Replace it.")
        ]
    return [too_large(size)] if size > MAX_BYTES else []


def walk(document: object) -> Iterator[tuple[str, object, int]]:
    """Visit every value with its pointer and depth; never deeper than one too deep."""
    stack: list[tuple[str, object, int]] = [("", document, 0)]
    while stack:
        pointer, value, depth = stack.pop()
        yield pointer, value, depth
        for key, item in children(value):
            stack.append((f"{pointer}/{escape(str(key))}", item, depth + 1))


def children(value: object) -> list[tuple[Any, Any]]:
    """List keys and values of an object or array."""
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list):
        return list(enumerate(value))
    return []


def value_flaw(value: object) -> str | None:
    """Say what makes one value unfit for JSON."""
    if isinstance(value, dict) and not all(isinstance(key, str) for key in value):
        return "A key is not text."
    if (
        isinstance(value, str) and "\0" in value
    ):  # PostgreSQL's text has no place for it
        return "A text holds the character NUL."
    if isinstance(value, float) and not math.isfinite(value):
        return "A number is not finite."
    if isinstance(value, int) and value not in INT64:
        return "A whole number needs more than 64 bits."
    if not isinstance(value, dict | list | str | int | float | None):
        return f"A {type(value).__name__} is not a JSON value."
    return None


def escape(key: str) -> str:
    """Write a key as part of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def not_json(message: str, pointer: str = "") -> Problem:
    """Make the problem of a text that is not JSON."""
    return Problem(code="document_not_json", message=message, pointer=pointer)


def too_large(size: int) -> Problem:
    """Make the problem of a document above the size limit."""
    return Problem(
        code="document_too_large",
        message=f"The document has {size:,} bytes; the limit is {MAX_BYTES:,}. "
        "Move long texts out of it or split the flow.",
    )


def too_deep(pointer: str) -> Problem:
    """Make the problem of a document that nests too deeply."""
    return Problem(
        code="document_too_deep",
        message=f"The document nests deeper than {MAX_DEPTH} levels. Flatten it.",
        pointer=pointer,
    )


def key_duplicate(key: str) -> Problem:
    """Make the problem of a key that stands twice in one object."""
    return Problem(
        code="key_duplicate",
        message=f"The key '{key}' stands twice in one object. Keep one of them.",
    )
