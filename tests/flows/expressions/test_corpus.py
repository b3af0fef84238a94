"""Every expression of the corpus has its value, fails in its words, or is refused."""

import pytest

from flows.expressions import ExpressionFailed, ExpressionInvalid, compile_expression
from tests.flows.expressions.corpus import FAILURES, INVALID, VALUES, VARIABLES


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
