"""What reviewers made of a model's answers.

Who decides about answers stands above this app: flows know. They name it here, from
`apps.py`, which runs before models can be imported.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:  # apps are not ready when this is named
    from model_registry.models import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Of `of` answers that somebody decided about, `right` were approved as they were.

    `at` is the hour of the decisions.
    """

    version: int
    tag: str
    at: datetime
    right: int
    of: int


# Called as `count(model, since)`.
Count = Callable[..., list[Reviewed]]
_NAMES: list[str] = []


def register(name: str) -> None:
    """Have reviews counted by what stands at this dotted name, a `Count`."""
    _NAMES[:] = [name]


def count_reviews(model: "Model", since: datetime) -> list[Reviewed]:
    """Count the verdicts since then, by version, tag and hour."""
    count: Count = import_string(_NAMES[0])
    return count(model, since)
