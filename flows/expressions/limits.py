"""What an expression may cost. The library itself cannot be stopped once it runs.

It holds the interpreter's lock, builds the list of `map` and `filter` in time and memory
that grow with the square of its length, and chained macros take gigabytes. So the cost
is bounded before: by the source when it is compiled, by the values when it is evaluated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cel_expr_python import cel

from flows.errors import ExpressionFailed, ExpressionInvalid
from flows.expressions.references import is_variable
from flows.expressions.tokens import Token

MAX_SOURCE = 2_000
MAX_INPUT_BYTES = 1_000_000
MAX_RESULT_BYTES = 256_000
MAX_BUILT_ITEMS = 1_000
MAX_WORK = 100_000_000
MAX_RESULT_DEPTH = 64

MACROS = {"all", "exists", "exists_one", "map", "filter"}
BUILDERS = {"map", "filter"}
VARIABLES = {"input", "steps"}


@dataclass(frozen=True, slots=True)
class Weight:
    """What of the source decides the cost."""

    macro: str | None
    uses_inside: int
    spread: int
    literal_items: int


def weigh(words: list[Token]) -> Weight:
    """Weigh a source. Raises: ExpressionInvalid at its second macro."""
    macros = [index for index in range(len(words)) if _is_macro(words, index)]
    if len(macros) > 1:
        first, second = words[macros[0]], words[macros[1]]
        raise ExpressionInvalid(
            f"The expression uses {first.text}() and {second.text}(); one of all, "
            "exists, exists_one, map and filter is allowed. Split it over two nodes.",
            second.offset,
        )
    inside = _inside(words, macros[0] + 1) if macros else range(0)
    return Weight(
        macro=words[macros[0]].text if macros else None,
        uses_inside=sum(
            words[index].text in VARIABLES and is_variable(words, index)
            for index in inside
        ),
        spread=1 + sum(word.text == "+" for word in words),
        literal_items=sum(word.text == "," for word in words),
    )


def check_work(weight: Weight, bound: Mapping[str, Any]) -> None:
    """Refuse values that would keep the library busy for too long.

    Raises: ExpressionFailed
    """
    if not bound:
        return
    try:
        text = orjson.dumps(bound)
    except (TypeError, ValueError):
        raise ExpressionFailed(
            "The expression reads a value that is no JSON or needs more than 64 bits."
        ) from None
    size = len(text)
    if size > MAX_INPUT_BYTES:
        raise ExpressionFailed(
            f"The expression reads {size:,} bytes; the limit is {MAX_INPUT_BYTES:,}. "
            "Read a smaller step."
        )
    if weight.macro is not None:
        _check_items(weight, bound, size, text.count(b",") + 1)


def _check_items(
    weight: Weight, bound: Mapping[str, Any], size: int, at_most: int
) -> None:
    builds = weight.macro in BUILDERS
    if at_most > MAX_BUILT_ITEMS // weight.spread:
        at_most = _longest(bound)
    items = at_most * weight.spread + weight.literal_items
    if builds and items > MAX_BUILT_ITEMS + weight.literal_items:
        raise ExpressionFailed(
            f"{weight.macro}() would go through up to {items:,} entries; the limit is "
            f"{MAX_BUILT_ITEMS:,}. Read a shorter list."
        )
    if size * items * weight.uses_inside > MAX_WORK:
        raise ExpressionFailed(
            f"{weight.macro}() reads input or steps again for each of up to {items:,} "
            f"entries, {size:,} bytes each time. Take the value into a transform node "
            "first, or read a shorter list."
        )


def _longest(value: object) -> int:
    longest = 1
    stack = [value]
    while stack:
        found = stack.pop()
        if isinstance(found, Mapping):
            stack.extend(found.values())
        elif isinstance(found, list):
            stack.extend(found)
        else:
            continue
        longest = max(longest, len(found))
    return longest


def _is_macro(words: list[Token], index: int) -> bool:
    return (
        words[index].text in MACROS
        and index > 0
        and words[index - 1].text == "."
        and words[index + 1 : index + 2] != []
        and words[index + 1].text == "("
    )


def _inside(words: list[Token], opened: int) -> range:
    depth = 0
    for index in range(opened, len(words)):
        if words[index].text in {"(", "[", "{"}:
            depth += 1
        elif words[index].text in {")", "]", "}"}:
            depth -= 1
        if depth == 0:
            return range(opened, index)
    return range(opened, len(words))


def read_result(value: Any) -> Any:  # noqa: ANN401 - the library's value, JSON
    """Turn the library's value into JSON.

    Raises: ExpressionFailed if it is no JSON or larger than 256 kB.
    """
    return _Reader().read(value, 0)


class _Reader:
    """Reads one value and counts its bytes, so that a large one is never built."""

    def __init__(self) -> None:
        self.left = MAX_RESULT_BYTES

    def read(self, value: Any, depth: int) -> Any:  # noqa: ANN401
        raw = value.value()
        if isinstance(raw, str):
            return self._text(value, raw)
        self._spend(2)
        if raw is None or isinstance(raw, bool | int):
            return raw
        if isinstance(raw, float):
            return _finite(raw)
        if isinstance(raw, list | dict) and depth < MAX_RESULT_DEPTH:
            return self._container(raw, depth)
        raise ExpressionFailed(
            f"The result holds a {value.type().name().lower()}, which is not JSON. "
            "Convert it with string()."
        )

    def _text(self, value: Any, raw: str) -> str:  # noqa: ANN401
        if value.type() != cel.Type.STRING:
            raise ExpressionFailed("The result holds an error, not a value.")
        self._spend(len(raw) + 2)
        return raw

    def _container(
        self, raw: list[Any] | dict[Any, Any], depth: int
    ) -> list[Any] | dict[str, Any]:
        if isinstance(raw, list):
            return [self.read(item, depth + 1) for item in raw]
        found: dict[str, Any] = {}
        for key, item in raw.items():
            if not isinstance(key, str):
                raise ExpressionFailed(
                    f"The result has the key {key!r}, which is not text. "
                    "Convert keys with string()."
                )
            self._spend(len(key) + 3)
            found[key] = self.read(item, depth + 1)
        return found

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ExpressionFailed(
                f"The result is larger than {MAX_RESULT_BYTES:,} bytes. Keep less of it."
            )


def _finite(number: float) -> float:
    if number - number != 0:
        raise ExpressionFailed(
            "The result is not a finite number. Check what it divides by."
        )
    return number
