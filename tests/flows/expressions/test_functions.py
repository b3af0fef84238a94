import pytest

from flows.expressions import compile_expression
from flows.expressions.functions import FUNCTIONS, TYPES, Function
from flows.expressions.variables import KNOWN, MACROS, MEANINGS


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_example_of_a_function_has_its_value(function: Function) -> None:
    found = compile_expression(function.example).evaluate({"input": {}, "steps": {}})
    assert (type(found), found) == (type(function.value), function.value)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_signature_is_how_the_example_calls_it(function: Function) -> None:
    called = f"{function.name}("
    before = "" if function.kind == "function" else "."
    assert before + called in function.signature
    assert before + called in function.example


def test_every_macro_is_listed() -> None:
    found = {each.name for each in FUNCTIONS if each.kind == "macro"}
    assert found == MACROS


def test_no_function_is_listed_twice() -> None:
    names = [each.name for each in FUNCTIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", TYPES)
def test_type_can_be_compared_with(name: str) -> None:
    found = compile_expression(f"type(dyn(input)) == {name}")
    assert found.evaluate({"input": {}, "steps": {}}) is (name == "map")


def test_every_variable_has_a_meaning() -> None:
    assert {*MEANINGS, "steps"} == KNOWN
