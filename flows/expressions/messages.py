"""The library's messages in our words."""

import re
from difflib import get_close_matches

from flows.errors import ExpressionInvalid
from flows.expressions.functions import FUNCTIONS
from flows.expressions.tokens import iter_tokens
from flows.expressions.variables import PLAIN

FOUND = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
MISSING_KEY = re.compile(r'Key not found in map : "?([^"]*)"?')
OVERLOAD = re.compile(r"No matching overloads found : (\S+?)(\(.*\))")
CHECKED = re.compile(r"no matching overload for '(\S+)' applied to '(\(.*\))'")
REASONS = {
    "divide by zero": "it divides by zero. Ask first",
    "Iteration budget exceeded": "it goes through too many entries. "
    "Read a shorter list",
    "Applying SELECT to non-message type": "it reads a field of a value that is no "
    "object. Check the value with type() or ask has() one level up",
    "No matching overloads found : @in": "it looks for a value in what is no list or "
    "object. For a text in a text use contains()",
    "No matching overloads found : <jump_condition>": "its condition is neither true "
    "nor false. Compare the value with something",
}
STATUS = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")
VARIABLE_NAMES = (*PLAIN, "steps", "true", "false", "null")
FUNCTION_NAMES = tuple(function.name for function in FUNCTIONS)
# Nesting that the library takes; a row of signs such as + nests as well.
MAX_DEPTH = 32
DEEPENING = frozenset("([{+-*/%?!<>=&|")


def compile_problem(text: str, source: str) -> ExpressionInvalid:
    """Say what the compiler refused and where."""
    match = FOUND.search(text)
    if "recursion" in text:
        return _too_deep(source)
    if match is None:
        reason = STATUS.sub("", text.strip()).splitlines()[0]
        return ExpressionInvalid(f"The expression is not CEL: {_plain(reason)}.")
    line, column, reason = int(match[1]), int(match[2]), match[3]
    offset = _offset(source, line, column)
    if unknown := UNDECLARED.search(reason):
        return _unknown_name(unknown[1], source, offset)
    if types := CHECKED.search(reason):
        return ExpressionInvalid(f"{_types(types[1], types[2])}.", offset)
    reason = reason.split(" expecting ")[0].removeprefix("Syntax error: ")
    reason = reason.replace("'<EOF>'", "the end").replace("mismatched input", "found")
    return ExpressionInvalid(f"The expression is not CEL: {_plain(reason)}.", offset)


def runtime_problem(reason: str, source: str) -> str:
    """Say why an expression gave no value."""
    short = source if len(source) <= 80 else source[:79] + "…"
    if missing := MISSING_KEY.search(reason):
        key = missing[1]
        return (
            f"'{short}' reads '{key}', which is not there. "
            "Ask with has() first, or check the name."
        )
    cause = _plain(STATUS.sub("", STATUS.sub("", reason.strip())))
    if types := OVERLOAD.search(cause):
        cause = _types(types[1], types[2])
    return f"'{short}' gave no value: {REASONS.get(cause, cause)}."


def _too_deep(source: str) -> ExpressionInvalid:
    """Point at the sign or bracket with which the expression becomes too deep."""
    deepening = [word.offset for word in iter_tokens(source) if word.text in DEEPENING]
    return ExpressionInvalid(
        f"The expression nests deeper than {MAX_DEPTH} levels, where each sign of a row "
        "such as a + b + c counts. Split it over two nodes.",
        deepening[MAX_DEPTH] if len(deepening) > MAX_DEPTH else 0,
    )


def _unknown_name(name: str, source: str, offset: int) -> ExpressionInvalid:
    root = name.split(".")[0]
    # The compiler points at the last dot of a path; people look for its first name.
    start = source.rfind(root, 0, offset + len(root))
    offset = start if start >= 0 else offset
    after = source[offset + len(root) :].lstrip()
    if after.startswith("("):
        near = get_close_matches(root, FUNCTION_NAMES, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "Compute it in another node."
        return ExpressionInvalid(f"There is no function '{root}'. {hint}", offset)
    near = get_close_matches(root, VARIABLE_NAMES, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else "Use input or steps.<node id>."
    return ExpressionInvalid(f"The name '{root}' is not known. {hint}", offset)


def _types(function: str, types: str) -> str:
    operator = function.strip("_").replace("@", "")
    return f"{operator} cannot be used with {types}. Convert a value, or check the name"


def _offset(source: str, line: int, column: int) -> int:
    lines = source.splitlines(keepends=True)
    before = sum(len(text) for text in lines[: line - 1])
    return min(before + column - 1, len(source))


def _plain(reason: str) -> str:
    text = reason.strip().rstrip(".")
    return text[:200]
