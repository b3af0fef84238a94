"""Pydantic's findings in our words: what is wrong, then what to do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from flows.graph.limits import escape

Context = Mapping[str, Any]

# Pydantic's word for the key of an entry, as opposed to its value.
KEY = "[key]"

KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "an object",
    "mapping_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "list_type": "a list",
    "tuple_type": "a list",
}

BOUNDS: dict[str, Callable[[Context], str]] = {
    "greater_than": lambda c: f"Enter a number above {_number(c['gt'])}.",
    "greater_than_equal": lambda c: f"Enter a number of at least {_number(c['ge'])}.",
    "less_than_equal": lambda c: f"Enter a number of at most {_number(c['le'])}.",
    "less_than": lambda c: f"Enter a number below {_number(c['lt'])}.",
    "finite_number": lambda _: "Enter a finite number.",
    "string_too_short": lambda c: f"Enter at least {_count(c, 'character')}.",
    "string_too_long": lambda c: f"Shorten it to {_count(c, 'character')}.",
    "too_short": lambda c: f"Give at least {_count(c, 'entry')}.",
    "too_long": lambda c: f"Keep at most {_count(c, 'entry')}.",
    "string_pattern_mismatch": lambda c: f"Write it to match {c['pattern']}.",
    "literal_error": lambda c: f"Write {c['expected']}.",
}


class NearNames:
    """Guesses which of the names a misspelt one was meant to be.

    Only the first few times: each guess takes a while where there are many names.
    """

    def __init__(self, names: Iterable[str], *, guesses: int = 20) -> None:
        self._names = list(names)
        self._left = guesses

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def find(self, name: str) -> str | None:
        """The nearest name, if one is near."""
        self._left -= 1
        near = get_close_matches(name, self._names, n=1) if self._left >= 0 else []
        return near[0] if near else None


def sentence(detail: ErrorDetails, *, of: str = "The document") -> str:
    """Say what is wrong at the place of `detail` within `of`, and what to do."""
    name = _name(detail, of)
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return f"{name} is missing. Add it."
    if kind == "extra_forbidden":
        return f"{name} is not a known key here. Remove it."
    if kind in KINDS:
        return f"{name} is {_kind_of(detail['input'])}. Make it {KINDS[kind]}."
    if kind in BOUNDS:
        return f"{name} is {_shown(detail['input'])}. {BOUNDS[kind](context)}"
    text = detail["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{name} does not fit: {text}."


def pointer(detail: ErrorDetails) -> str:
    """Write the place as a JSON Pointer (RFC 6901)."""
    parts = (str(part) for part in detail["loc"] if part != KEY)
    return "".join(f"/{escape(part)}" for part in parts)


def _name(detail: ErrorDetails, of: str) -> str:
    keys = [part for part in detail["loc"] if isinstance(part, str)]
    last = detail["loc"][-1] if detail["loc"] else None
    if last == KEY and len(keys) > 2:
        return f"A name in '{keys[-3]}'"
    if isinstance(last, int):
        return f"Entry {last + 1} of '{keys[-1]}'" if keys else f"Entry {last + 1}"
    return f"'{keys[-1]}'" if keys else of


def _shown(value: object) -> str:
    if isinstance(value, str):
        short = value if len(value) <= 40 else value[:39] + "…"
        return f"'{short}'"
    if isinstance(value, list | tuple | dict):
        return f"{len(value)} long"
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    names: dict[type, str] = {
        bool: "true or false",
        str: "text",
        dict: "an object",
        list: "a list",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "something else")


def _count(context: Context, noun: str) -> str:
    number = context.get("max_length", context.get("min_length"))
    plural = {"entry": "entries"}.get(noun, f"{noun}s")
    return f"1 {noun}" if number == 1 else f"{number} {plural}"
