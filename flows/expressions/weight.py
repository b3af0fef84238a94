"""What an expression may cost. The library cannot be stopped once it runs.

It holds the interpreter's lock, builds the list of `map` and `filter` in time and memory
that grow with the square of its length, looks for text in text in quadratic time, and
chained macros take gigabytes. So the work is bounded beforehand: by the source when it
is compiled, and by source and values together when it is evaluated. One unit of work
is at most about 10 ns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from flows.errors import ExpressionFailed, ExpressionInvalid
from flows.expressions.patterns import MAX_PATTERN, pattern_size
from flows.expressions.references import is_variable
from flows.expressions.tokens import Token
from flows.expressions.variables import PLAIN, bound_name, is_macro

MAX_INPUT_BYTES = 1_000_000
MAX_BUILT_ITEMS = 1_000
MAX_WORK = 100_000_000

BUILDERS = {"map", "filter"}
VARIABLES = {*PLAIN, "steps"}


@dataclass(frozen=True, slots=True)
class Weight:
    """What of the source decides the cost.

    `uses_inside` counts variables read again for each item of the macro, `spread` how
    often a value may have been added to itself, `pattern` the size of all patterns of
    matches(), `searches` the calls of contains() for a text that is not written out.
    """

    macro: str | None
    uses_inside: int
    spread: int
    literal_items: int
    pattern: int
    searches: int

    def work(self, size: int, items: int) -> int:
        """Bound the work on `size` bytes of values and macros over `items` entries."""
        reach = size * self.spread
        again = 1 + self.uses_inside * items
        search = reach * reach // 32 * self.searches
        return again * (reach * (1 + 2 * self.pattern) + search) + (
            8 * self.pattern**2 * items
        )


def weigh(words: list[Token]) -> Weight:
    """Weigh a source.

    Raises: ExpressionInvalid at its second macro or at a pattern that is too large.
    """
    macros = [index for index in range(len(words)) if is_macro(words, index)]
    if len(macros) > 1:
        first, second = words[macros[0]], words[macros[1]]
        raise ExpressionInvalid(
            f"The expression uses {first.text}() and {second.text}(); one of all, "
            "exists, exists_one, map and filter is allowed. Split it over two nodes.",
            second.offset,
        )
    inside = _inside(words, macros[0] + 1) if macros else range(0)
    bound = bound_name(words)
    return Weight(
        macro=words[macros[0]].text if macros else None,
        uses_inside=sum(_is_use(words, index, bound) for index in inside),
        spread=1 + sum(word.text == "+" for word in words),
        literal_items=sum(word.text == "," for word in words),
        pattern=sum(_pattern(words, index) for index in _calls(words, "matches")),
        searches=sum(
            not _is_literal(_arguments(words, index))
            for index in _calls(words, "contains")
        ),
    )


def check_work(weight: Weight, bound: Mapping[str, Any]) -> None:
    """Refuse values that would keep the library busy for too long.

    Raises: ExpressionFailed
    """
    try:
        text = orjson.dumps(bound)
    except (TypeError, ValueError):
        raise ExpressionFailed(
            "The expression reads a value that is no JSON or needs more than 64 bits. "
            "Send large numbers as text."
        ) from None
    size = len(text)
    if size > MAX_INPUT_BYTES:
        raise ExpressionFailed(
            f"The expression reads {size:,} bytes; the limit is {MAX_INPUT_BYTES:,}. "
            "Read a smaller step."
        )
    items = 1 if weight.macro is None else _items(weight, bound, text.count(b",") + 1)
    if weight.work(size, items) > MAX_WORK:
        raise ExpressionFailed(
            f"The expression would search {size:,} bytes over and over. "
            "Read less, or take the value it looks for into a transform node first."
        )


def _items(weight: Weight, bound: Mapping[str, Any], at_most: int) -> int:
    if at_most * weight.spread > MAX_BUILT_ITEMS:
        at_most = _longest(bound)
    items = at_most * weight.spread
    if weight.macro in BUILDERS and items > MAX_BUILT_ITEMS:
        raise ExpressionFailed(
            f"{weight.macro}() may go through {items:,} entries; the limit is "
            f"{MAX_BUILT_ITEMS:,}. Read a shorter list."
        )
    return items + weight.literal_items


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


def _is_use(words: list[Token], index: int, bound: str | None) -> bool:
    text = words[index].text
    return text in VARIABLES and text != bound and is_variable(words, index)


def _calls(words: list[Token], name: str) -> list[int]:
    return [
        index
        for index, word in enumerate(words)
        if word.text == name and _opens(words, index + 1)
    ]


def _opens(words: list[Token], index: int) -> bool:
    return index < len(words) and words[index].text == "("


def _arguments(words: list[Token], called: int) -> list[Token]:
    inside = _inside(words, called + 1)
    return words[inside.start + 1 : inside.stop]


def _is_literal(arguments: list[Token]) -> bool:
    return len(arguments) == 1 and arguments[0].kind == "string"


def _pattern(words: list[Token], called: int) -> int:
    arguments = _arguments(words, called)
    if not _is_literal(arguments):
        raise ExpressionInvalid(
            "matches() needs its pattern written out. "
            "Write value.matches('pattern'), or use contains().",
            words[called].offset,
        )
    text = arguments[0].text
    if "\\" in text and text[0] not in "rR":
        raise ExpressionInvalid(
            "The pattern has a backslash in ordinary quotes. "
            "Write it raw: matches(r'pattern').",
            arguments[0].offset,
        )
    size = pattern_size(text)
    if size > MAX_PATTERN:
        raise ExpressionInvalid(
            f"The pattern stands for {size:,} characters; the limit is "
            f"{MAX_PATTERN:,}. Use fewer or smaller repetitions in braces.",
            arguments[0].offset,
        )
    return size


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
