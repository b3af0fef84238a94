"""What is only read is read as the library would read it, where it can."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.expressions import (
    ExpressionFailed,
    ExpressionInvalid,
    compile_expression,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "b", "list", "steps"]), inner, max_size=3
        )
    ),
    max_leaves=10,
)
FIELDS = st.lists(st.sampled_from([".a", ".b", '["list"]', ".steps"]), max_size=3)


def outcome(source: str, variables: dict[str, Any]) -> tuple[object, Any]:
    try:
        value = compile_expression(source).evaluate(variables)
    except ExpressionFailed as error:
        return "failed", error.message.partition("' ")[2]
    return type(value), value


@settings(deadline=None)
@given(JSON, FIELDS, st.sampled_from(["input", "steps.x", "context"]))
def test_reading_a_field_is_what_the_library_does(
    value: Any, fields: list[str], root: str
) -> None:
    variables = {"input": value, "steps": {"x": value}, "context": value}
    path = root + "".join(fields)
    assert compile_expression(path).path
    assert not compile_expression(f"dyn({path})").path
    assert outcome(path, variables) == outcome(f"dyn({path})", variables)


@pytest.mark.parametrize("value", ["a\0b", {"text": "a\0b"}])
def test_a_text_that_the_library_would_cut_off_is_read_whole(value: Any) -> None:
    assert outcome("input", {"input": value, "steps": {}}) == (type(value), value)
    assert outcome("dyn(input)", {"input": value, "steps": {}})[0] == "failed"


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("input", ("input",)),
        ("steps.a.b", ("steps", "a", "b")),
        ("steps['a'].b // the b", ("steps", "a", "b")),
        ("input.`b`", ("input", "b")),
        ("input.if.while", ("input", "if", "while")),
        ("input.a[0]", ()),
        ("input['a b']", ()),
        ("input.a.size()", ()),
        ("(input.a)", ()),
        (".input.a", ()),
        ("has(input.a)", ()),
        ("'input.a'", ()),
        ("input.a + input.b", ()),
    ],
)
def test_only_a_path_is_one(source: str, path: tuple[str, ...]) -> None:
    assert compile_expression(source).path == path


@pytest.mark.parametrize(
    "source", ["input.in", "input.a.true", "input.null.a", "input.a."]
)
def test_what_is_no_field_is_refused(source: str) -> None:
    with pytest.raises(ExpressionInvalid, match="not CEL"):
        compile_expression(source)


def test_only_the_fields_that_are_named_are_handed_over() -> None:
    variables = {"input": {"a": 1, "wrong": object()}, "steps": {}}
    assert compile_expression("input.a + 1").evaluate(variables) == 2
    with pytest.raises(ExpressionFailed, match="no JSON"):
        compile_expression("size(input) + input.a").evaluate(variables)


def test_a_variable_that_is_no_object_has_no_fields() -> None:
    with pytest.raises(ExpressionFailed, match="no object"):
        compile_expression("input.a + 1").evaluate({"input": "text", "steps": {}})
