"""What expressions mean here, as a table: source and value, or source and words."""

import pytest

from flows.expressions import ExpressionFailed, ExpressionInvalid, compile_expression

VARIABLES = {
    "input": {
        "name": "Ada",
        "text": "Where is my parcel?",
        "count": 1,
        "price": 1.5,
        "vip": True,
        "note": None,
        "tags": ["red", "blue"],
        "rows": [{"sku": "a1", "n": 2}, {"sku": "b2", "n": 5}],
        "numbers": [1, 2, 3],
        "umlaut": "größe",
        "large": 9_007_199_254_740_993,
        "input": {"steps": 7},
    },
    "steps": {
        "classify": {"intent": "refund", "confidence": 0.91},
        "empty": {},
        "b": {"list": [3, 4], "map": "a field called map"},
    },
}

VALUES = [
    ("1", 1),
    ("1.5", 1.5),
    ("1u", 1),
    ("'a'", "a"),
    ("null", None),
    ("true", True),
    ("[1, 'a', null, 2.5]", [1, "a", None, 2.5]),
    ("{'a': {'b': [1]}}", {"a": {"b": [1]}}),
    ("[]", []),
    ("input.name", "Ada"),
    ("input.note", None),
    ("input.rows", VARIABLES["input"]["rows"]),
    ("steps.classify", VARIABLES["steps"]["classify"]),
    ("steps['classify'].intent", "refund"),
    ("steps . classify . intent", "refund"),
    (".steps.classify.intent", "refund"),
    ("input.input.steps", 7),
    ("steps.b.map", "a field called map"),
    ("input['name']", "Ada"),
    ("input.tags[1]", "blue"),
    ("input.large", 9_007_199_254_740_993),
    # JSON 1 stays whole, and whole numbers compare with fractions by value.
    ("input.count", 1),
    ("input.count == 1.0", True),
    ("input.count < input.price", True),
    ("input.count + 1", 2),
    ("double(input.count) + input.price", 2.5),
    ("7 / 2", 3),
    ("7 % 4", 3),
    ("-input.count", -1),
    ("int('12')", 12),
    ("string(input.price)", "1.5"),
    ("input.name + ' L.'", "Ada L."),
    ("size(input.umlaut)", 5),
    ("input.text.contains('parcel')", True),
    ("input.text.startsWith('Where')", True),
    ("input.text.endsWith('?')", True),
    ("input.text.matches('(?i)PARCEL')", True),
    (r"input.text.matches(r'\w+ is')", True),
    ("'red' in input.tags", True),
    ("'name' in input", True),
    ("input.vip && input.count == 1", True),
    ("!input.vip", False),
    ("input.vip ? 'a' : 'b'", "a"),
    ("has(input.name)", True),
    ("has(input.phone)", False),
    ("has(steps.gone)", False),
    ("has(steps.gone) ? steps.gone.x : 'none'", "none"),
    ("has(steps.empty.x)", False),
    ("steps.classify.confidence > 0.8 && steps.classify.intent == 'refund'", True),
    ("input.numbers.all(n, n > 0)", True),
    ("input.numbers.exists(n, n == 2)", True),
    ("input.numbers.exists_one(n, n == 2)", True),
    ("input.numbers.map(n, n * 2)", [2, 4, 6]),
    ("input.rows.filter(r, r.n > 2)", [{"sku": "b2", "n": 5}]),
    ("input.rows.map(r, r.n > 2, r.sku)", ["b2"]),
    ("input.rows.exists(r, r.sku == 'a1' && has(input.name))", True),
    ("steps.b.list + input.numbers", [3, 4, 1, 2, 3]),
    # What looks like a macro in text or comments is none.
    ("'x.map(a, b).map(c, d)' // .all(x, y)", "x.map(a, b).map(c, d)"),
    ("r'''.map(x, ''' + \"\"\".all(y, \"\"\"", ".map(x, .all(y, "),
    ("string(timestamp('2026-01-01T00:00:00Z'))", "2026-01-01T00:00:00Z"),
    ("timestamp('2026-01-02T00:00:00Z') > timestamp('2026-01-01T00:00:00Z')", True),
    ("true || 1 / 0 == 1", True),
]

FAILURES = [
    ("steps.gone", "'gone', which is not there"),
    ("steps.gone.x == 1", "'gone', which is not there"),
    ("has(steps.gone.x)", "'gone', which is not there"),
    ("input.phone", "'phone', which is not there"),
    ("input.phone == null", "'phone', which is not there"),
    ("!input.phone", "'phone', which is not there"),
    ("input.phone || false", "'phone', which is not there"),
    ("input.name.phone", "no object"),
    ("input.tags[9]", "gave no value"),
    ("1 / 0", "divides by zero"),
    ("9223372036854775807 + 1", "integer overflow"),
    ("input.count + 1.0", "+ cannot be used with (int64, double)"),
    ("input.name > 1", "> cannot be used with (string, int64)"),
    ("input.name ? 1 : 2", "neither true nor false"),
    ("input.text.matches('(')", "gave no value"),
    ("1.0 / 0.0", "not a finite number"),
    ("[0.0 / 0.0]", "not a finite number"),
    ("timestamp('2026-01-01T00:00:00Z')", "Convert it with string()"),
    ("{'a': duration('1h')}", "Convert it with string()"),
    ("b'abc'", "Convert it with string()"),
    ("{1: 2}", "Convert keys with string()"),
    ("type(1)", "not JSON"),
]

INVALID = [
    ("", "is empty", 0),
    ("  // only a comment", "is empty", 0),
    ("inptu.name", "Did you mean 'input'?", 0),
    ("1 + stesp.a.b", "Did you mean 'steps'?", 4),
    ("input.a == foo", "The name 'foo' is not known", 11),
    ("\n\n  foo", "The name 'foo' is not known", 4),
    ("'größe' + foo", "The name 'foo' is not known", 10),
    ("1 +", "found the end", 3),
    ("'abc", "is not CEL", 0),
    ("'a' + 1", "+ cannot be used with (string, int)", 4),
    ("input.a input.b", "is not CEL", 8),
    ("9223372036854775808", "is not CEL", 0),
    ("now()", "The name 'now' is not known", 0),
    ("steps", "Write steps.<node id>", 0),
    ("size(steps)", "Write steps.<node id>", 5),
    ("steps[input.which]", "Write steps.<node id>", 0),
    ("steps['a b'].c", "Write steps.<node id>", 0),
    ("steps['a'", "Write steps.<node id>", 0),
    ("[1].map(x, x", "is not CEL", 12),
    ("'a' in steps", "Write steps.<node id>", 7),
    ("[1].all(steps, steps > 0)", "Write steps.<node id>", 8),
    ("input.l.map(x, x).filter(y, y)", "map() and filter()", 18),
    ("input.l.map(x, x.map(y, y))", "map() and map()", 17),
    ("input.l . exists (x, x) || input.l.all(x, x)", "exists() and all()", 35),
    ("input.a.matches(input.b)", "pattern written out", 8),
    ("matches(input.a, 'b')", "pattern written out", 0),
    (r"input.a.matches('\\d')", "Write it raw", 16),
    ("input.a.matches('((a{1,100}){1,100})')", "The pattern stands for", 16),
]


@pytest.mark.parametrize(("source", "value"), VALUES)
def test_expression_has_this_value(source: str, value: object) -> None:
    found = compile_expression(source).evaluate(VARIABLES)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("source", "words"), FAILURES)
def test_expression_without_a_value_fails_and_is_never_true(
    source: str, words: str
) -> None:
    with pytest.raises(ExpressionFailed) as failure:
        compile_expression(source).evaluate(VARIABLES)
    assert words in failure.value.message


@pytest.mark.parametrize(("source", "words", "offset"), INVALID)
def test_wrong_source_is_refused_at_its_place(
    source: str, words: str, offset: int
) -> None:
    with pytest.raises(ExpressionInvalid) as refusal:
        compile_expression(source)
    assert words in refusal.value.message
    assert refusal.value.offset == offset
