"""Names one behind the other, such as `steps.classify.intent`.

Most expressions of a flow only read a field. Its value is there already, so it is taken
from where it stands; the library would build all that is around it first.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from flows.expressions.references import is_variable
from flows.expressions.results import MAX_RESULT_BYTES
from flows.expressions.tokens import Token, string_value
from flows.expressions.variables import KNOWN, PLAIN

Path = tuple[str, ...]
ABSENT = object()
INT64 = range(-(2**63), 2**63)
# These look like names of fields and cannot be any.
RESERVED = frozenset({"in", "true", "false", "null"})


class Mention(NamedTuple):
    """A variable at the word `start`, with the fields of it that are read up to `end`."""

    path: Path
    start: int
    end: int


def find_mentions(words: list[Token], bound: str | None = None) -> list[Mention]:
    """Find where variables are read; `bound` is what a macro names its entries."""
    return [
        _mention(words, index)
        for index, word in enumerate(words)
        if word.text in KNOWN and word.text != bound and is_variable(words, index)
    ]


def names_of(mentions: list[Mention]) -> tuple[str, ...]:
    """The variables other than `steps` that are read.

    The name that a macro gives its entries, as `item` in `list.all(item, …)`, is none.
    """
    found = {mention.path[0] for mention in mentions}
    return tuple(name for name in PLAIN if name in found)


def read_path(variables: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 - JSON
    """Take the value at the path, the same object; ABSENT if the library has to look.

    That is where something is missing or too large: it says what is wrong.
    """
    found: Any = variables
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            return ABSENT
        found = found[name]
    return found if _is_small_json(found) else ABSENT


def _mention(words: list[Token], start: int) -> Mention:
    path, at = [words[start].text], start + 1
    while at + 1 < len(words):
        name, length = _field(words, at)
        if name is None:
            break
        path.append(name)
        at += length
    return Mention(tuple(path), start, at)


def _field(words: list[Token], at: int) -> tuple[str | None, int]:
    """Read `.name` or `["name"]`, and how many words it has."""
    sign, name = words[at].text, words[at + 1]
    after = words[at + 2].text if at + 2 < len(words) else ""
    if sign == "." and name.kind == "word" and after != "(":
        return (None if name.text in RESERVED else name.text.strip("`")), 2
    if sign == "[" and after == "]":
        return string_value(name), 3
    return None, 0


def _is_small_json(value: object) -> bool:
    match value:
        case None | bool():
            return True
        case int():
            return value in INT64
        case float():
            return value - value == 0
        case str():
            return len(value) <= MAX_RESULT_BYTES
        case list() | dict():
            return _is_small_container(value)
    return False


def _is_small_container(value: object) -> bool:
    try:
        return len(orjson.dumps(value)) <= MAX_RESULT_BYTES
    except (TypeError, ValueError):
        return False
