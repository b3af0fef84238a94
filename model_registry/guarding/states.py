"""What this process knows of the models that it calls."""

from typing import TYPE_CHECKING

from model_registry.guarding.breaker import Breaker
from model_registry.guarding.limits import Limits
from model_registry.guarding.retrying import RetryBudget
from model_registry.guarding.room import Room
from model_registry.resolving import Guard, ResolvedModel

if TYPE_CHECKING:
    from uuid import UUID


class State:
    """Breaker and retry budget of a version, and the room of its model."""

    def __init__(self, limits: Limits, room: Room) -> None:
        self.breaker = Breaker(limits.breaker_failures, limits.breaker_s)
        self.budget = RetryBudget(limits.retry_percent)
        self.room = room

    def follow(self, guard: Guard) -> None:
        """Take in limits that have changed, and what other workers have found."""
        limits, breaker = guard.limits, self.breaker
        breaker.failures, breaker.open_s = limits.breaker_failures, limits.breaker_s
        self.budget.percent = limits.retry_percent
        if guard.opened is not None:
            breaker.adopt(guard.opened)


class States:
    """One for each version, for as long as the process lives."""

    def __init__(self) -> None:
        self._known: dict[UUID, State] = {}
        self._rooms: dict[UUID, Room] = {}

    def of(self, resolved: ResolvedModel, guard: Guard) -> State:
        """The state of a version as of now."""
        known = self._known.get(resolved.version_id)
        if known is None:
            room = self._rooms.setdefault(resolved.model_id, Room(resolved.model_id))
            made = State(guard.limits, room)
            known = self._known.setdefault(resolved.version_id, made)
        known.follow(guard)
        return known


STATES = States()
