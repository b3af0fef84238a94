"""What each kind of event does to a run; the rest follows from that. Pure."""

from collections.abc import Sequence

from flows.engine.events import Command, FinishMap
from flows.engine.propagation import Propagation
from flows.engine.state import APART, Items, RunState, Scope
from flows.engine.topology import Topology
from flows.engine.withdrawal import Withdrawal


class Progress:
    """Applies one event to a state and collects the commands that follow from it."""

    def __init__(self, shape: Topology, state: RunState) -> None:
        self._shape = shape
        self._state = state
        self._withdrawal = Withdrawal(shape, state)
        self.commands = self._withdrawal.commands
        self._moves = Propagation(shape, state, self._withdrawal)

    def start(self) -> None:
        """Begin the run, once."""
        if not self._state.root.begun:
            self._moves.open(self._state.root)
            self._moves.work_off()

    def end_step(self, address: str, ports: str | None) -> None:
        """Leave a step by its ports."""
        entry = self._state.active.pop(address, None)
        if entry is None:
            return
        scope, node_id = entry
        self._withdrawal.close_items(scope, node_id)
        if node_id in self._shape.outputs:
            self._state.output = address
        self._end(scope, node_id, ports.split(",") if ports else ())

    def fail_step(self, address: str, port: str | None) -> None:
        """Go on by the error port, or fail what the step belongs to."""
        if port is not None:
            self.end_step(address, port)
            return
        entry = self._state.active.pop(address, None)
        if entry is not None:
            self._withdrawal.close_items(*entry)
            self._moves.fail(entry[0], address)
            self._moves.work_off()

    def cancel_steps(self, address: str) -> None:
        """Give up a step, or all steps in a scope; the ways out of each are dead.

        What begins in the scope because of that is given up as well, step by step, so
        that folding the cancelled steps gives the same state.
        """
        below = (f"{address}/", f"{address}[", f"{address}:")
        while found := self._find_active(address, below):
            scope, node_id = self._state.active[found]
            self._withdrawal.give_up(scope, node_id)
            self._end(scope, node_id, ())

    def _find_active(self, address: str, below: tuple[str, ...]) -> str | None:
        active = self._state.active
        if address in active:
            return address
        return next((each for each in active if each.startswith(below)), None)

    def open_map(self, address: str, count: int) -> None:
        """Begin the first items of a map."""
        entry = self._state.active.get(address)
        if entry is None or entry[1] in entry[0].items:
            return
        scope, node_id = entry
        limit, _, apart_above = self._shape.maps[node_id]
        is_apart = apart_above is not None and count > apart_above
        scope.items[node_id] = Items(count, is_apart)
        if count == 0:
            self.commands.append(FinishMap(address))
        for _ in range(min(limit, count)):
            self._moves.next_item(scope, node_id)
        self._moves.work_off()

    def stop(self, last: list[Command]) -> None:
        """End the run here: whatever is under way is given up."""
        self._moves.stop(last)

    def _end(self, scope: Scope, node_id: str, ports: Sequence[str]) -> None:
        if node_id == APART:
            scope.is_over = True
            self._moves.end_item(scope)
        else:
            self._moves.leave(scope, node_id, ports)
        self._moves.work_off()
