import pytest

from flows.expressions import ExpressionFailed, ExpressionInvalid, compile_text

VARIABLES = {"input": {"name": "Ada", "n": 2, "l": [1, "ä"], "none": None}, "steps": {}}


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("", ""),
        ("plain } and { text }}", "plain } and { text }}"),
        ("Dear {{ input.name }},", "Dear Ada,"),
        ("{{input.name}}{{ input.n }}", "Ada2"),
        ("{{ input.l }}", '[1,"ä"]'),
        ("<{{ input.none }}>", "<>"),
        ("{{ true }}", "true"),
        ("{{ {'a': {'b': 1}} }}", '{"a":{"b":1}}'),
        ("{{ {'a': {}}}}", '{"a":{}}'),
        ('{{ "{{" }} and {{ "}}" }}', "{{ and }}"),
        ("it's {{ input.name }}'s", "it's Ada's"),
        ("{{\n input.name // a comment\n}}", "Ada"),
    ],
)
def test_values_are_filled_in(source: str, rendered: str) -> None:
    assert compile_text(source).render(VARIABLES) == rendered


@pytest.mark.parametrize(
    ("source", "words", "offset"),
    [
        ("Dear {{ input.name", "not closed", 5),
        ("{{ '}}'", "not closed", 0),
        ("{{ input.name } }", "not closed", 0),
        ("{{ }}", "is empty", 3),
        ("Dear {{  inptu.name }}", "Did you mean 'input'?", 9),
        ("{{ 1 }} {{ 1 + }}", "found the end", 14),
    ],
)
def test_wrong_text_is_refused_at_its_place(
    source: str, words: str, offset: int
) -> None:
    with pytest.raises(ExpressionInvalid) as refusal:
        compile_text(source)
    assert words in refusal.value.message
    assert refusal.value.offset == offset


def test_text_knows_its_expressions() -> None:
    text = compile_text("{{ steps.a.x }} and {{ input.name }}")
    assert [each.source for each in text.expressions] == ["steps.a.x", "input.name"]


def test_expression_in_text_that_fails_fails_the_text() -> None:
    with pytest.raises(ExpressionFailed):
        compile_text("Dear {{ input.phone }}").render(VARIABLES)


def test_text_that_grows_too_large_is_refused() -> None:
    text = compile_text("{{ input }}" * 3)
    with pytest.raises(ExpressionFailed, match="longer than"):
        text.render({"input": "a" * 100_000, "steps": {}})
