import pytest

from flows.expressions import Reference, compile_expression

CASES = [
    ("1", [], False),
    ("input.a", [], True),
    ("steps.a.b", [("a", False)], False),
    ("steps['a'].b + steps[\"b\"]", [("a", False), ("b", False)], False),
    ("has(steps.a) && steps.a.ok", [("a", True)], False),
    ("has( steps . a ) ? steps.b : 1", [("a", True), ("b", False)], False),
    # has(steps.a.b) fails where a is absent, so it is no guard.
    ("has(steps.a.b) && steps.a.b", [("a", False)], False),
    ("input.steps.a", [], True),
    ("{'steps': 1}.steps", [], False),
    ("'steps.a' // steps.b", [], False),
    ("1 in .steps.a", [("a", False)], False),
    ("[.steps.a, .input]", [("a", False)], True),
]


@pytest.mark.parametrize(("source", "references", "uses_input"), CASES)
def test_references_are_found(
    source: str, references: list[tuple[str, bool]], uses_input: bool
) -> None:
    expression = compile_expression(source)
    assert expression.references == {Reference(*each) for each in references}
    assert expression.uses_input is uses_input


def test_same_source_is_compiled_once() -> None:
    assert compile_expression("1 + 2") is compile_expression("1 + 2")
