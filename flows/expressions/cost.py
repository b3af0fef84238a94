"""The time that an expression may take with the values that it reads.

The figures are nanoseconds for what costs most of a kind, rounded up, as
`tests/bench/expressions.py` shows them. What is refused would take longer than the limit
on a machine like that of docs/performance.md, or cannot be told from such.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from flows.errors import ExpressionFailed
from flows.expressions.paths import Path
from flows.expressions.weight import Macro, Part, Weight

MAX_NS = 40_000_000
MAX_INPUT_BYTES = 1_000_000
MAX_INPUT_VALUES = 100_000
# As JSON writes it. The library takes a text from Python up to there only.
NUL = rb"\u0000"
EACH_FIELD = 3
MAX_BUILT_ITEMS = 1_000
BUILDERS = frozenset({"map", "filter"})

# Of a value and a byte that are handed to the library.
VALUE_NS, BYTE_NS = 110, 4
# Of a word of the source each time it is evaluated, and of an iteration beside its words.
WORD_NS, ITERATION_NS = 40, 300
# Of a value that is compared, and of one that `+` copies.
COMPARED_NS, COPIED_NS = 40, 60
# Of a byte of text that a function goes through, and of one that is only passed on.
READ_NS, PASSED_NS = 6, 1
# Of a byte in which another text is looked for, by each byte of that.
SEARCHED_NS = 0.3
# Of a pair of entries of the list that map() and filter() build.
BUILT_NS = 18


# A result of at most so much is read in one go. Another may hold all values in one place,
# and takes so long for each before it is found to be too large.
READ_VALUES, READ_BYTES = 200_000, 2_000_000
CAREFUL_NS = 400


class Size(NamedTuple):
    """How large a value is: bytes of its JSON, and at most so many values.

    A field of an object counts as three, since it takes the library about as long.
    """

    size: int
    values: int


def check_cost(weight: Weight, bound: Mapping[str, Any]) -> bool:
    """Refuse values that would keep the library busy for too long.

    Returns: whether the result is surely small enough to be read in one go.
    Raises: ExpressionFailed
    """
    text = _written(bound)
    if NUL in text and _holds_nul(bound):
        raise ExpressionFailed(
            "The expression reads a text that holds the character NUL (U+0000), where "
            "it would be cut off. Take that out where the text comes from."
        )
    whole = _size_of(text)
    _check_size(bound, whole)
    outside, macro = weight.outside, weight.macro
    grown = 1 + outside.pluses + (macro.inside.pluses if macro else 0)
    cost = VALUE_NS * whole.values + BYTE_NS * whole.size
    cost += _fixed(outside) + _touched(outside, whole, grown)
    cost += _searched(outside, [whole.size], grown)
    values = whole.values * weight.copies + outside.words
    size = whole.size * weight.copies
    if macro is not None:
        items = _items(weight, macro, bound, grown)
        again = _again(macro, bound)
        cost += _repeated(weight, macro, items, again, whole, grown)
        sizes = _entry_sizes(macro, bound, whole)
        cost += _searched(macro.inside, (entry + again.size for entry in sizes), grown)
        if macro.name in BUILDERS:
            values += items * (again.values + macro.inside.words)
            size += items * again.size
    is_small = values <= READ_VALUES and size <= READ_BYTES
    if not is_small:
        cost += CAREFUL_NS * whole.values
    if cost > MAX_NS:
        raise ExpressionFailed(
            f"The expression would go through {whole.size:,} bytes over and over. "
            "Read less, or take the value it looks for into a transform node first."
        )
    return is_small


def _written(bound: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(bound)
    except (TypeError, ValueError):
        raise ExpressionFailed(
            "The expression reads a value that is no JSON or needs more than 64 bits. "
            "Send large numbers as text."
        ) from None


def _holds_nul(bound: Mapping[str, Any]) -> bool:
    """Look at the values themselves: a text may spell the escape."""
    stack: list[Any] = [bound]
    while stack:
        found = stack.pop()
        if isinstance(found, str) and "\0" in found:
            return True
        if isinstance(found, Mapping):
            stack += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            stack += found
    return False


def _size(value: object) -> Size:
    return _size_of(orjson.dumps(value))


def _size_of(text: bytes) -> Size:
    values = 1 + text.count(b",") + text.count(b"[") + text.count(b"{")
    values -= text.count(b"[]") + text.count(b"{}")
    return Size(len(text), values + (EACH_FIELD - 1) * text.count(b'":'))


def _check_size(bound: Mapping[str, Any], whole: Size) -> None:
    if whole.size > MAX_INPUT_BYTES:
        raise ExpressionFailed(
            f"The expression reads {whole.size:,} bytes; the limit is "
            f"{MAX_INPUT_BYTES:,}. Read a smaller step."
        )
    if whole.values > MAX_INPUT_VALUES and _has_more(bound, MAX_INPUT_VALUES):
        raise ExpressionFailed(
            f"The expression reads more than {MAX_INPUT_VALUES:,} values, a field of an "
            "object counted as three. Read a smaller step."
        )


def _has_more(bound: Mapping[str, Any], most: int) -> bool:
    """Count exactly: commas and brackets may stand in texts."""
    stack: list[Any] = [bound]
    while stack and most >= 0:
        found = stack.pop()
        most -= 1
        if isinstance(found, Mapping):
            most -= (EACH_FIELD - 1) * len(found)
            stack += found.values()
        elif isinstance(found, list):
            stack += found
    return most < 0


def _fixed(part: Part) -> int:
    """What a part takes each time, whatever the values are."""
    return WORD_NS * part.words + sum(each.compile_ns for each in part.patterns)


def _touched(part: Part, data: Size, grown: int) -> int:
    """What a part takes with values of this size, `grown` times added up."""
    copies = part.pluses * (part.pluses + 1) // 2
    passed = COMPARED_NS * data.values + PASSED_NS * data.size
    copied = COPIED_NS * data.values + PASSED_NS * data.size
    each_byte = READ_NS * part.calls + sum(each.byte_ns for each in part.patterns)
    touched = grown * (part.comparisons * passed + each_byte * data.size)
    return touched + copies * copied


def _searched(part: Part, sizes: Iterable[int], grown: int) -> int:
    """What a part takes to look for texts in texts, both of values of each size."""
    if not part.searches:
        return 0
    squares = sum(size * size for size in sizes)
    return int(SEARCHED_NS * part.searches * grown * grown * squares)


def _repeated(
    weight: Weight, macro: Macro, items: int, again: Size, whole: Size, grown: int
) -> int:
    """What a macro takes: for each item, with what it reads anew, and with the items."""
    times = 1 if macro.target else 1 + weight.literal_items
    cost = items * (ITERATION_NS + _fixed(macro.inside))
    cost += items * _touched(macro.inside, again, grown)
    cost += times * _touched(macro.inside, whole, grown)
    return cost + (BUILT_NS * items**2 if macro.name in BUILDERS else 0)


def _items(weight: Weight, macro: Macro, bound: Mapping[str, Any], grown: int) -> int:
    if macro.target:
        found = _value_at(bound, macro.target)
        items = len(found) if isinstance(found, list | Mapping) else 1
    else:
        items = _longest(bound) * grown + weight.literal_items
    if macro.name in BUILDERS and items > MAX_BUILT_ITEMS:
        raise ExpressionFailed(
            f"{macro.name}() may go through {items:,} entries; the limit is "
            f"{MAX_BUILT_ITEMS:,}. Read a shorter list."
        )
    return items


def _entry_sizes(macro: Macro, bound: Mapping[str, Any], whole: Size) -> list[int]:
    """How large the entries are that the macro goes through, if that matters."""
    entries = _value_at(bound, macro.target) if macro.target else None
    if not macro.inside.searches or not isinstance(entries, list):
        return [whole.size]
    return [_size(entry).size for entry in entries]


def _again(macro: Macro, bound: Mapping[str, Any]) -> Size:
    sizes = [_size(_value_at(bound, path)) for path in macro.again]
    return Size(sum(each.size for each in sizes), sum(each.values for each in sizes))


def _value_at(bound: Mapping[str, Any], path: Path) -> object:
    """The value at the path, or the last one on the way to it."""
    found: Any = bound
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            break
        found = found[name]
    return found


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
