"""Hostile expressions end at once, whatever they are given."""

import time
from contextlib import suppress
from typing import Any

import pytest

from flows.expressions import ExpressionFailed, ExpressionInvalid, compile_expression

LONG = "a" * 400_000
MANY = list(range(100_000))

HOSTILE: list[tuple[str, Any]] = [
    ("input" + ".map(x, x + x)" * 28, ["a"]),
    ("input.exists(a, input.exists(b, input.exists(c, false)))", MANY),
    ("input.map(x, x)", MANY),
    ("(input + input + input + input).map(x, x)", MANY[:900]),
    ("input.filter(x, true)", MANY[:1_001]),
    ("input.l.map(x, input.s)", {"l": MANY[:900], "s": LONG}),
    ("input.l.map(x, input.s + 'a').size()", {"l": MANY[:900], "s": LONG}),
    ("input.all(x, x in input)", MANY),
    ("input.l.exists(x, input.s.contains('aaab'))", {"l": MANY[:9_000], "s": LONG}),
    ("input.s.contains(input.n)", {"s": LONG, "n": LONG[:200_000] + "b"}),
    ("input.s.contains('' + input.n)", {"s": LONG, "n": LONG[:200_000] + "b"}),
    ("input.matches('(a{0,100}){0,10}b')", LONG),
    ("input.matches('" + ".?" * 900 + "x')", LONG),
    ("input.l.all(x, !x.matches('" + ".?" * 400 + "x'))", {"l": ["a" * 50] * 9_000}),
    ("input.l.all(x, !x.matches(r'(a{1,99}){1,19}$'))", {"l": ["a" * 500] * 1_000}),
    (r"input.matches('a\x7b1000\x7d')", LONG),
    ("input.matches('[}]{1000}{1000}{1000}')", LONG),
    (" + ".join(["input"] * 300), LONG),
    ("[" + ", ".join(["input"] * 280) + "]", LONG),
    ("(" * 900 + "1" + ")" * 900, None),
    ("[" * 900 + "]" * 900, None),
    ("-" * 1_990 + "1", None),
    ("!" * 1_990 + "true", None),
    ("input" + "[0]" * 600, []),
    ("{'a': " * 300 + "1" + "}" * 300, None),
    ("'" + "a" * 1_999, None),
    ("'" * 2_000, None),
    ('"""' * 600, None),
    ("//" * 1_000, None),
    ("\\" * 2_000, None),
    ("\x00" * 10, None),
    ("a." * 999, None),
]


@pytest.mark.parametrize(("source", "given"), HOSTILE)
def test_hostile_expression_ends_quickly(source: str, given: object) -> None:
    started = time.process_time()
    with suppress(ExpressionInvalid, ExpressionFailed):
        compile_expression(source).evaluate({"input": given, "steps": {}})
    assert time.process_time() - started < 3


REFUSED: list[tuple[str, Any, str]] = [
    ("input", "a" * 1_000_001, "reads 1,000,0"),
    ("input.size()", MANY[:50_000] * 3, "more than 100,000 values"),
    ("input", "a" * 256_001, "larger than 256,000 bytes"),
    ("input.map(x, x)", MANY[:1_001], "1,001 entries"),
    ("(input + input).map(x, x)", MANY[:501], "1,002 entries"),
    ("input.s.contains(input.n)", {"s": LONG, "n": "b"}, "over and over"),
    ("input.exists(x, x > 99999)", MANY[:50_000], "too many entries"),
    ("input", 2**64, "64 bits"),
    ("input", {"a": object()}, "no JSON"),
]


@pytest.mark.parametrize(("source", "given", "words"), REFUSED)
def test_value_above_a_limit_is_refused_in_words(
    source: str, given: object, words: str
) -> None:
    with pytest.raises(ExpressionFailed) as failure:
        compile_expression(source).evaluate({"input": given, "steps": {}})
    assert words in failure.value.message


ALLOWED: list[tuple[str, Any]] = [
    ("input.map(x, x)", MANY[:1_000]),
    ("input.exists(x, x.n == 2999)", [{"n": n} for n in range(3_000)]),
    ("input.rows.exists(r, r == input.one)", {"rows": MANY[:1_000], "one": 999}),
    ("input.contains('needle')", LONG + "needle"),
    ("input.matches('(?i)refund|money|needle')", LONG + "needle"),
    (
        "input.matches(r'^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$')",
        "01234567-89ab-cdef-0123-456789abcdef",
    ),
    ("input.l.all(x, x.matches(r'^ORD-[0-9]{6}$'))", {"l": ["ORD-123456"] * 200}),
]


@pytest.mark.parametrize(("source", "given"), ALLOWED)
def test_ordinary_work_is_not_refused(source: str, given: object) -> None:
    assert compile_expression(source).evaluate({"input": given, "steps": {}})


def test_unread_steps_do_not_count() -> None:
    steps = {"small": {"x": 1}, "large": {"x": "a" * 2_000_000}}
    expression = compile_expression("steps.small.x")
    assert expression.evaluate({"input": "a" * 2_000_000, "steps": steps}) == 1


def test_source_above_2000_characters_is_refused() -> None:
    with pytest.raises(ExpressionInvalid, match="Shorten it to 2,000"):
        compile_expression("1" + " " * 2_000)
