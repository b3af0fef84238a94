"""What pydantic finds, as what to do about it: shared by all that words its findings."""

from collections.abc import Callable, Mapping
from typing import Any

Context = Mapping[str, Any]

KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "an object",
    "mapping_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dataclass_type": "an object",
    "list_type": "a list",
    "tuple_type": "a list",
}

BOUNDS: dict[str, Callable[[Context], str]] = {
    "greater_than": lambda c: f"Enter a number above {number(c['gt'])}.",
    "greater_than_equal": lambda c: f"Enter a number of at least {number(c['ge'])}.",
    "less_than_equal": lambda c: f"Enter a number of at most {number(c['le'])}.",
    "less_than": lambda c: f"Enter a number below {number(c['lt'])}.",
    "finite_number": lambda _: "Enter a finite number.",
    "string_too_short": lambda c: f"Enter at least {_count(c, 'character')}.",
    "string_too_long": lambda c: f"Shorten it to {_count(c, 'character')}.",
    "too_short": lambda c: f"Give at least {_count(c, 'entry')}.",
    "too_long": lambda c: f"Keep at most {_count(c, 'entry')}.",
    "string_pattern_mismatch": lambda c: f"Write it to match {c['pattern']}.",
    "literal_error": lambda c: f"Write {c['expected']}.",
}


def kind_of(value: object) -> str:
    """What a value of JSON is, in a word or two."""
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


def number(value: float) -> str:
    """A number as people write it."""
    return f"{value:,.10g}"


def _count(context: Context, noun: str) -> str:
    found = context.get("max_length", context.get("min_length"))
    plural = {"entry": "entries"}.get(noun, f"{noun}s")
    return f"1 {noun}" if found == 1 else f"{found} {plural}"
