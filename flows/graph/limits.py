"""What a JSON value must keep to before anything else looks at it."""

import json
import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson

from flows.errors import GraphInvalid, Problem

# Of a flow document, and of other JSON that people send: a run's input, an event's data.
MAX_BYTES = 5_000_000
MAX_VALUE_BYTES = 1_000_000
MAX_DEPTH = 64
INT64 = range(-(2**63), 2**63)
# Of keys that stand twice, so many are named.
MAX_REPEATED = 20
BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)

# How to get to a value: the way to what holds it, and its key in there.
Way = tuple["Way", Any] | None


class _Repeated(dict[str, object]):
    """An object in which some keys stood twice."""

    twice: tuple[str, ...] = ()


def parse_text(text: bytes, *, max_bytes: int = MAX_BYTES) -> object:
    """Read JSON that may come from anywhere.

    Raises: GraphInvalid if the text is no JSON, too large, too deep, or writes a key
    twice, where programs would disagree about which value counts.
    """
    if len(text) > max_bytes:
        raise GraphInvalid([too_large(len(text), max_bytes=max_bytes)])
    repeated: list[_Repeated] = []

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            found = _Repeated(found)
            found.twice = _twice(key for key, _ in pairs)
            repeated.append(found)
        return found

    try:
        value: object = json.loads(text, object_pairs_hook=unique)
    except RecursionError:
        raise GraphInvalid([_too_deep_text(text)]) from None
    except ValueError as error:
        raise GraphInvalid(
            [not_json(f"The document is not JSON: {error}. Correct it.")]
        ) from None
    if repeated:
        raise GraphInvalid(list(islice(_repeated_keys(value), MAX_REPEATED)))
    return value


def limit_problems(document: object, *, max_bytes: int = MAX_BYTES) -> list[Problem]:
    """Say what keeps the document from being a JSON document of allowed size."""
    if (found := _flaw(document)) is not None:
        return [found]
    size = len(orjson.dumps(document))
    if size <= max_bytes:
        return []
    return [too_large(size, _largest(document), max_bytes=max_bytes)]


def value_flaw(value: object) -> str | None:
    """Say what makes one value unfit for JSON."""
    if _is_plain(value):
        return None
    if isinstance(value, dict):
        return _keys_flaw(value)
    if isinstance(value, str):
        return _text_flaw(value)
    if isinstance(value, int | float):
        return _number_flaw(value)
    return f"A {type(value).__name__} is not a JSON value."


def _is_plain(value: object) -> bool:
    """Tell, for what most documents consist of, that nothing is wrong with it."""
    if isinstance(value, str):
        return value.isascii() and "\0" not in value
    if isinstance(value, dict):
        try:
            keys = "".join(value)
        except TypeError:
            return False
        return keys.isascii() and "\0" not in keys
    return value is None or isinstance(value, bool | list)


def _keys_flaw(value: dict[Any, Any]) -> str | None:
    if not all(isinstance(key, str) for key in value):
        return "A key is not text."
    return next(filter(None, map(_text_flaw, value)), None)


def _text_flaw(text: str) -> str | None:
    if "\0" in text:  # PostgreSQL's text has no place for it
        return "A text holds the character NUL."
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        return "A text is not valid Unicode: it holds half a character."
    return None


def _number_flaw(number: float) -> str | None:
    if isinstance(number, int):
        fits = number in INT64
        return None if fits else "A whole number needs more than 64 bits."
    return None if math.isfinite(number) else "A number is not finite."


def _flaw(document: object) -> Problem | None:
    """Find the first value, in the order of the text, that may not stand there.

    Where it stands is written down only once one is found.
    """
    if flaw := value_flaw(document):
        return _flaw_at("", flaw)
    levels: list[tuple[Way, Iterator[tuple[Any, Any]]]] = [(None, children(document))]
    while levels:
        way, rest = levels[-1]
        if len(levels) > MAX_DEPTH:
            return too_deep(_pointer((way, next(rest)[0])))
        for key, value in rest:
            if flaw := value_flaw(value):
                return _flaw_at(_pointer((way, key)), flaw)
            if value and isinstance(value, dict | list):
                levels.append(((way, key), children(value)))
                break
        else:
            levels.pop()
    return None


def _repeated_keys(document: object) -> Iterator[Problem]:
    stack: list[tuple[Way, object]] = [(None, document)]
    while stack:
        way, value = stack.pop()
        if isinstance(value, _Repeated):
            for key in value.twice:
                yield key_duplicate(key, _pointer((way, key)))
        stack += [
            ((way, key), inner)
            for key, inner in children(value)
            if isinstance(inner, dict | list)
        ]


def _largest(document: object) -> str:
    """Point at the smallest value that is most of the document."""
    way: Way = None
    found: object = document
    half = len(orjson.dumps(document)) // 2
    while inner := list(children(found)):
        sizes = [len(orjson.dumps(each)) for _, each in inner]
        if max(sizes) < half:
            break
        key, found = inner[sizes.index(max(sizes))]
        way = way, key
    return _pointer(way)


def children(value: object) -> Iterator[tuple[Any, Any]]:
    """Keys and values of an object, places and entries of a list."""
    if isinstance(value, dict):
        return iter(value.items())
    return enumerate(value) if isinstance(value, list) else iter(())


def _pointer(way: Way) -> str:
    keys = []
    while way is not None:
        way, key = way
        keys.append(f"/{escape(_shown(str(key)))}")
    return "".join(reversed(keys))


def _shown(text: str) -> str:
    """The text without what cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _twice(keys: Iterable[str]) -> tuple[str, ...]:
    seen: set[str] = set()
    found: dict[str, None] = {}
    for key in keys:
        if key in seen:
            found[key] = None
        seen.add(key)
    return tuple(found)


def escape(key: str) -> str:
    """Write a key as part of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def not_json(message: str, pointer: str = "") -> Problem:
    """Make the problem of a text that is not JSON."""
    return Problem(code="document_not_json", message=message, pointer=pointer)


def _flaw_at(pointer: str, flaw: str) -> Problem:
    return not_json(f"{flaw} Change the value at '{pointer[:200]}'.", pointer)


def too_large(size: int, pointer: str = "", *, max_bytes: int = MAX_BYTES) -> Problem:
    """Make the problem of a document above the size limit."""
    most = f"; most of them are at '{pointer[:200]}'" if pointer else ""
    return Problem(
        code="document_too_large",
        message=f"The document has {size:,} bytes, and {max_bytes:,} are allowed{most}. "
        "Move long texts out of it or split the flow.",
        pointer=pointer,
    )


def too_deep(pointer: str) -> Problem:
    """Make the problem of a document that nests too deeply."""
    return Problem(
        code="document_too_deep",
        message=f"The document nests deeper than {MAX_DEPTH} levels. Flatten it.",
        pointer=pointer,
    )


def _too_deep_text(text: bytes) -> Problem:
    """Name the place in a text that nests too deeply even to be read."""
    depth = 0
    for found in BRACKET.finditer(text):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found[0], 0)
        if depth > MAX_DEPTH:
            break
    return Problem(
        code="document_too_deep",
        message=f"The document nests deeper than {MAX_DEPTH} levels at byte "
        f"{found.start() + 1:,}. Flatten it.",
    )


def key_duplicate(key: str, pointer: str) -> Problem:
    """Make the problem of a key that stands twice in one object."""
    return Problem(
        code="key_duplicate",
        message=f"The key '{_shown(key[:60])}' stands twice in one object, at "
        f"'{pointer[:200]}'. Keep one of them.",
        pointer=pointer,
    )
