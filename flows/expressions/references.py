"""Which steps an expression reads, and whether it asks first if they are there."""

from typing import NamedTuple

from flows.errors import ExpressionInvalid
from flows.expressions.tokens import Token, string_value

STEPS = "steps"


class Reference(NamedTuple):
    """An expression reads `steps.<step>`; guarded if it also asks has(steps.<step>)."""

    step: str
    guarded: bool


def find_references(words: list[Token]) -> frozenset[Reference]:
    """Find the steps that are read.

    Raises: ExpressionInvalid where `steps` is not followed by a node id, since such an
    expression could not be checked before it runs.
    """
    named: set[str] = set()
    asked: set[str] = set()
    for index, word in enumerate(words):
        if word.text == STEPS and is_variable(words, index):
            step, length = _step_at(words, index)
            named.add(step)
            if _is_guard(words, index, length):
                asked.add(step)
    return frozenset(Reference(step, step in asked) for step in named)


def is_variable(words: list[Token], index: int) -> bool:
    """Tell a variable from a field of the same name.

    A leading dot (`.steps`) still means the variable.
    """
    if index == 0 or words[index - 1].text != ".":
        return True
    if index == 1:
        return True
    before = words[index - 2]
    return before.text == "in" or (before.kind == "sign" and before.text not in ")]}")


def _step_at(words: list[Token], index: int) -> tuple[str, int]:
    """Return the step named behind `steps` and how many words name it."""
    after = words[index + 1 : index + 4]
    texts = [word.text for word in after]
    if texts[:1] == ["."] and len(after) > 1 and after[1].kind == "word":
        return after[1].text.strip("`"), 3
    if texts[:1] == ["["] and texts[2:3] == ["]"]:
        step = string_value(after[1])
        if step is not None:
            return step, 4
    raise ExpressionInvalid(
        "'steps' stands without a node id. Write steps.<node id>.", words[index].offset
    )


def _is_guard(words: list[Token], index: int, length: int) -> bool:
    before = [word.text for word in words[max(0, index - 2) : index]]
    after = [word.text for word in words[index + length : index + length + 1]]
    return before == ["has", "("] and after == [")"]
