"""What of a source decides how long it runs.

The library cannot be stopped, and holds the interpreter's lock: it builds the list of
`map` and `filter` in time that grows with the square of its length, copies a list for
each `+`, looks for text in text in quadratic time, and compiles a pattern for each use;
chained macros take gigabytes. So the source is weighed when it is compiled, and `cost`
bounds the time by source and values together before each evaluation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.errors import ExpressionInvalid
from flows.expressions.paths import Mention, Path
from flows.expressions.patterns import MAX_PATTERN, Pattern, read_pattern
from flows.expressions.tokens import Token
from flows.expressions.variables import bound_name, find_macros

COMPARISONS = frozenset({"=", "<", ">", "in"})


@dataclass(frozen=True, slots=True)
class Part:
    """What stands outside of the macro, or inside, where it is done for each item."""

    words: int = 0
    commas: int = 0
    pluses: int = 0
    comparisons: int = 0
    calls: int = 0
    searches: int = 0
    patterns: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Macro:
    """The macro of an expression.

    `target` is the path of the list that it goes through, if it is written as one;
    `again` are the paths that its part inside reads anew for each item.
    """

    name: str
    target: Path
    again: tuple[Path, ...]
    inside: Part


@dataclass(frozen=True, slots=True)
class Weight:
    """What is known of the cost before there are values.

    `literal_items` bounds how many entries of a list are written out, and `copies` how
    often a value may stand in the result.
    """

    outside: Part
    macro: Macro | None
    literal_items: int
    copies: int


def find_macro(words: list[Token]) -> int | None:
    """Find the place of the macro that goes through a list.

    Raises: ExpressionInvalid if there are several.
    """
    macros = find_macros(words)
    if len(macros) > 1:
        first, second = words[macros[0]], words[macros[1]]
        raise ExpressionInvalid(
            f"The expression uses {first.text}() and {second.text}(); one of all, "
            "exists, exists_one, map and filter is allowed. Split it over two nodes.",
            second.offset,
        )
    return macros[0] if macros else None


def weigh(words: list[Token], macro: int | None, mentions: list[Mention]) -> Weight:
    """Weigh a source with its macro and the variables it reads.

    Raises: ExpressionInvalid at a pattern that is too large.
    """
    if macro is None:
        everything = _part(words, range(len(words)))
        return Weight(everything, None, everything.commas, len(mentions))
    inside = _inside(words, macro + 1)
    outside = _part(words, [at for at in range(len(words)) if at not in inside])
    bound = bound_name(words, macro)
    return Weight(
        outside=outside,
        macro=Macro(
            name=words[macro].text,
            target=next((each.path for each in mentions if each.end == macro - 1), ()),
            again=tuple(each.path for each in mentions if each.start in inside),
            inside=_part(words, inside),
        ),
        literal_items=outside.commas,
        copies=len(mentions) + sum(words[at].text == bound for at in inside),
    )


def _part(words: list[Token], places: Sequence[int]) -> Part:
    texts = [words[at].text for at in places]
    calls = [at for at in places if _is_call(words, at)] if "(" in texts else []
    return Part(
        words=len(texts),
        commas=texts.count(","),
        pluses=texts.count("+"),
        comparisons=sum(map(COMPARISONS.__contains__, texts)),
        calls=len(calls),
        searches=sum(_is_search(words, at) for at in calls),
        patterns=tuple(
            _pattern(words, at) for at in calls if words[at].text == "matches"
        ),
    )


def _is_search(words: list[Token], at: int) -> bool:
    return words[at].text == "contains" and not _is_literal(_arguments(words, at))


def _is_call(words: list[Token], at: int) -> bool:
    return (
        words[at].kind == "word"
        and at + 1 < len(words)
        and words[at + 1].text == "("
        and words[at].text not in ("has", "in")
    )


def _arguments(words: list[Token], called: int) -> list[Token]:
    inside = _inside(words, called + 1)
    return words[inside.start + 1 : inside.stop]


def _is_literal(arguments: list[Token]) -> bool:
    return len(arguments) == 1 and arguments[0].kind == "string"


def _pattern(words: list[Token], called: int) -> Pattern:
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
    pattern = read_pattern(text.lstrip("rRbB").strip("\"'"))
    if pattern.size > MAX_PATTERN:
        raise ExpressionInvalid(
            f"The pattern stands for {pattern.size:,} characters; the limit is "
            f"{MAX_PATTERN:,}. Use fewer or smaller repetitions in braces.",
            arguments[0].offset,
        )
    return pattern


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
