"""What is said about a kind of event. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise

Words = str | Promise


class Kind(NamedTuple):
    """How a kind of event is told.

    `sentence` is a text with `{names}`, or chooses one by the event's data. The
    names are those that `describe` knows, and what `data` holds.
    """

    group: str
    icon: str
    title: Words
    sentence: Words | Callable[[Mapping[str, Any]], Words]
