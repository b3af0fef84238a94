"""Pydantic's findings in our words: what is wrong, then what to do."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from pydantic_core import ErrorDetails

from flows.graph.limits import escape
from orchestrator_site.schemas.api import BOUNDS, KINDS, kind_of, number

# Pydantic's word for the key of an entry, as opposed to its value.
KEY = "[key]"


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
        return f"{name} is {kind_of(detail['input'])}. Make it {KINDS[kind]}."
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
    return number(value) if isinstance(value, int | float) else str(value)
