"""Giving up what nobody needs any more: steps, rounds, items and all that is in them. Pure.

What is under way is cancelled, what has not begun is skipped, so that nothing of a scope
that is closed stays undecided.
"""

from flows.engine.events import CancelStep, Command, SkipStep
from flows.engine.state import APART, RunState, Scope
from flows.engine.topology import Topology


class Withdrawal:
    """Gives up parts of a run, and says so in `commands`."""

    def __init__(self, shape: Topology, state: RunState) -> None:
        self.commands: list[Command] = []
        self._shape = shape
        self._state = state

    def give_up_all(self) -> None:
        """Cancel whatever is under way. What has not begun goes unmentioned: it ends."""
        for address in list(self._state.active):
            self._cancel(address)

    def give_up(self, scope: Scope, element: str) -> None:
        """Cancel an element of a scope with all that is in it, or skip it."""
        if element == APART:
            self.close(scope)
        elif element not in scope.begun:
            self.skip(scope.region.key, scope.path, element)
        elif self._shape.is_loop(scope.region.key, element):
            self.close(scope.rounds[element][-1])
        else:
            self._cancel(scope.address(element))
            self.close_items(scope, element)

    def close(self, scope: Scope) -> None:
        """End a scope here; what comes for it later comes too late."""
        if scope.is_over:
            return
        scope.is_over = True
        if scope.is_apart:
            self._cancel(scope.path.rstrip("/"))
            return
        for element in scope.region.elements:
            if element not in scope.done:
                self.give_up(scope, element)

    def close_items(self, scope: Scope, node_id: str) -> None:
        """End the items of a map, if the node is one that has begun them."""
        items = scope.items.get(node_id)
        for item in items.scopes.values() if items else ():
            self.close(item)

    def skip(self, region: str, path: str, element: str) -> None:
        """Say of an element, and of all that is in a loop, that it will never start."""
        if not self._shape.is_loop(region, element):
            self.commands.append(SkipStep(path + element))
            return
        for inner in self._shape.regions[element].elements:
            self.skip(element, f"{path}{element}:1/", inner)

    def _cancel(self, address: str) -> None:
        if self._state.active.pop(address, None) is not None:
            self.commands.append(CancelStep(address))
