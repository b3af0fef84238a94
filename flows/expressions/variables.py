"""The variables that expressions may name, and which of them one names."""

from flows.expressions.references import is_variable
from flows.expressions.tokens import Token

IN_MAP = ("item", "index", "outer")
IN_LOOP = ("round", "rounds", "feedback")
# `output` exists in the condition of a retry only.
PLAIN = ("input", "context", *IN_MAP, *IN_LOOP, "output")
MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})


def find_names(words: list[Token]) -> tuple[str, ...]:
    """Find the variables other than `steps` that are read.

    The name that a macro gives its entries, as `item` in `list.all(item, …)`, is none.
    """
    bound = bound_name(words)
    return tuple(
        name
        for name in PLAIN
        if name != bound
        and any(
            word.text == name and is_variable(words, index)
            for index, word in enumerate(words)
        )
    )


def bound_name(words: list[Token]) -> str | None:
    """Find the name that the expression's macro gives its entries; None without one."""
    for index in range(len(words)):
        if is_macro(words, index) and index + 2 < len(words):
            return words[index + 2].text
    return None


def is_macro(words: list[Token], index: int) -> bool:
    """Tell whether the word is a macro that goes through a list."""
    return (
        words[index].text in MACROS
        and index > 0
        and words[index - 1].text == "."
        and index + 1 < len(words)
        and words[index + 1].text == "("
    )


def absence(name: str) -> str:
    """Say why a variable has no value where an expression stands."""
    if name in IN_MAP:
        return f"'{name}' exists only in the body of a map"
    if name in IN_LOOP:
        return f"'{name}' exists only in the body of a loop"
    return f"'{name}' does not exist there"
