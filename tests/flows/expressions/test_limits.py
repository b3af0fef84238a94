"""Hostile expressions end at once, whatever they are given."""

import time
from contextlib import suppress
from typing import Any

import pytest

from flows.expressions import ExpressionFailed, ExpressionInvalid, compile_expression
from tests.flows.expressions.attacks import ATTACKS, Attack

LONG = "a" * 400_000

MANY = list(range(100_000))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda each: each.name)
@pytest.mark.parametrize("size", [30, 1_000, 200_000])
def test_attack_ends_quickly_whatever_its_size(attack: Attack, size: int) -> None:
    source, given = attack.source(size), attack.given(size)
    began = time.process_time()
    with suppress(ExpressionInvalid, ExpressionFailed):
        compile_expression(source).evaluate({"input": given, "steps": {}})
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("input.exists(a, input.exists(b, input.exists(c, false)))", MANY),
        (r"input.matches('a\x7b1000\x7d')", LONG),
        ("input.matches('[}]{1000}{1000}{1000}')", LONG),
        ("input.l.all(x, !x.matches(r'(a{1,99}){1,19}$'))", {"l": ["a" * 500] * 1_000}),
        ("\x00" * 10, None),
    ],
)
def test_hostile_expression_is_refused(source: str, given: object) -> None:
    with pytest.raises((ExpressionInvalid, ExpressionFailed)):
        compile_expression(source).evaluate({"input": given, "steps": {}})


REFUSED: list[tuple[str, Any, str]] = [
    ("size(input)", "a\0b", "the character NUL"),
    ("input.l[0] + 'c'", {"l": ["a\0b"]}, "the character NUL"),
    ("size(input.o)", {"o": {"a\0": 1}}, "the character NUL"),
    ("size(input)", "a" * 1_000_001, "reads 1,000,0"),
    ("size(input)", MANY[:50_000] * 3, "more than 100,000 values"),
    ("size(input)", [{"a": 1}] * 30_000, "a field of an object counted as three"),
    ("input", "a" * 256_001, "larger than 256,000 bytes"),
    ("[input]", "a" * 256_001, "larger than 256,000 bytes"),
    ("input.l.map(x, input.m)", {"l": [1] * 900, "m": [1] * 900}, "too many values"),
    ("input.map(x, x)", MANY[:1_001], "1,001 entries"),
    ("(input + input).map(x, x)", MANY[:501], "1,002 entries"),
    ("input.s.contains(input.n)", {"s": LONG, "n": "b"}, "over and over"),
    ("input.l.all(x, x in input.l)", {"l": MANY[:9_000]}, "over and over"),
    ("input.matches('(a|b)*a(a|b){50}c')", LONG, "over and over"),
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
    ("input.l.exists(x, x.contains(input.n))", {"l": ["needle"] * 900, "n": "need"}),
    ("input.l.filter(x, x.a in input.m)", {"l": [{"a": 1}] * 900, "m": [1, 2, 3]}),
    ("input.matches(r'(?i)order\\s+#?\\d{5,8}')", "x" * 20_000 + "Order 123456"),
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


def test_fields_that_are_not_read_do_not_count() -> None:
    variables = {"input": {"small": 1, "large": MANY * 20}, "steps": {}}
    assert compile_expression("input.small + 1").evaluate(variables) == 2


def test_a_field_is_read_however_large_what_is_around_it() -> None:
    variables = {"input": {"rows": [{"a": 1}] * 20_000, "large": "a" * 2_000_000}}
    rows = compile_expression("input.rows").evaluate(variables)
    assert rows is variables["input"]["rows"]


def test_source_above_2000_characters_is_refused() -> None:
    with pytest.raises(ExpressionInvalid, match="Shorten it to 2,000"):
        compile_expression("1" + " " * 2_000)


def test_a_text_with_nul_is_handed_on_whole_where_nothing_is_done_to_it() -> None:
    found = compile_expression("input.a").evaluate(
        {"input": {"a": "x\0y"}, "steps": {}}
    )
    assert found == "x\0y"


def test_a_text_that_only_spells_nul_is_read() -> None:
    given = {"input": "a" + chr(92) + "u0000b", "steps": {}}
    assert compile_expression("size(input)").evaluate(given) == 8
