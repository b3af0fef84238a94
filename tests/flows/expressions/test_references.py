import pytest

from flows.expressions import Reference, compile_expression

CASES = [
    ("1", [], ()),
    ("input.a", [], ("input",)),
    ("steps.a.b", [("a", False)], ()),
    ("steps['a'].b + steps[\"b\"]", [("a", False), ("b", False)], ()),
    ("has(steps.a) && steps.a.ok", [("a", True)], ()),
    ("has( steps . a ) ? steps.b : 1", [("a", True), ("b", False)], ()),
    # has(steps.a.b) fails where a is absent, so it is no guard.
    ("has(steps.a.b) && steps.a.b", [("a", False)], ()),
    ("input.steps.a", [], ("input",)),
    ("{'steps': 1}.steps", [], ()),
    ("'steps.a' // steps.b", [], ()),
    ("1 in .steps.a", [("a", False)], ()),
    ("item.price * double(round)", [], ("item", "round")),
    ("input.rows.exists(item, item > 1)", [], ("input",)),
    ("[.steps.a, .input]", [("a", False)], ("input",)),
]


@pytest.mark.parametrize(("source", "references", "names"), CASES)
def test_references_are_found(
    source: str, references: list[tuple[str, bool]], names: tuple[str, ...]
) -> None:
    expression = compile_expression(source)
    assert expression.references == {Reference(*each) for each in references}
    assert expression.names == names


def test_same_source_is_compiled_once() -> None:
    assert compile_expression("1 + 2") is compile_expression("1 + 2")
