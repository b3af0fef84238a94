"""The variables that expressions may name, and which of them one names."""

from flows.expressions.tokens import Token

IN_MAP = ("item", "index", "outer")
IN_LOOP = ("round", "rounds", "feedback")
# `output` exists in the condition of a retry only.
PLAIN = ("input", "context", *IN_MAP, *IN_LOOP, "output")
MEANINGS = {
    "input": "The run's input.",
    "context": "What set_context nodes have set before this step.",
    "item": "The entry of the list that this is about.",
    "index": "Its place in the list, from 0.",
    "outer": "item and index of the map around this one.",
    "round": "The number of the round of the loop, from 1.",
    "rounds": "The outputs of the earlier rounds, by node id, the first round first.",
    "feedback": "What fed back into this round: a list of outputs.",
    "output": "The output of the step that may be tried again.",
}
KNOWN = frozenset((*PLAIN, "steps"))
MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})


def find_macros(words: list[Token]) -> list[int]:
    """Find where macros stand that go through a list."""
    return [
        index
        for index, word in enumerate(words)
        if word.text in MACROS
        and index > 0
        and words[index - 1].text == "."
        and index + 1 < len(words)
        and words[index + 1].text == "("
    ]


def bound_name(words: list[Token], macro: int) -> str | None:
    """Find the name that a macro gives its entries."""
    return words[macro + 2].text if macro + 2 < len(words) else None


def absence(name: str) -> str:
    """Say why a variable has no value where an expression stands."""
    if name in IN_MAP:
        return f"'{name}' exists only in the body of a map"
    if name in IN_LOOP:
        return f"'{name}' exists only in the body of a loop"
    return f"'{name}' does not exist there"
