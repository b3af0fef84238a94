"""How many wait at a page of the navigation. Apps above say who counts for them.

register_count("approvals:queue", "approvals.selectors.count_waiting", "approvals")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:  # apps are not ready when counts are registered
    from orchestrator_site.accounts.api import Principal

# Called as `count(workspace_id, principal=principal)`.
Count = Callable[..., int]


@dataclass(frozen=True, slots=True)
class Counted:
    """`topic`: the page is told through it when the count may have changed.

    Without one the count is that of the moment when the page was opened.
    """

    function: str
    topic: str

    def of(self, principal: "Principal") -> int:
        count: Count = import_string(self.function)
        return count(principal.workspace.id, principal=principal)


_counted: dict[str, Counted] = {}


def register_count(place: str, function: str, topic: str = "") -> None:
    """Show a count beside a place; for `AppConfig.ready`, so by dotted name."""
    _counted[place] = Counted(function, topic)


def count_at(place: str, principal: "Principal") -> int | None:
    """None where nothing is counted."""
    counted = _counted.get(place)
    return None if counted is None else counted.of(principal)


def topics() -> list[str]:
    """What an open page listens to for its counts."""
    return sorted({counted.topic for counted in _counted.values() if counted.topic})
