"""How one event moves a run on: edges, joins, rounds and items. Pure.

All ways are worked off before any scope is asked whether it has settled, and both before
anything begins: what follows from one event does not depend on the order in which edges
were drawn, and nothing begins only to be given up.
"""

from collections import deque

from flows.engine.events import (
    Command,
    CompleteRun,
    FailMap,
    FailRun,
    FinishMap,
    StartStep,
)
from flows.engine.joins import Verdict, judge, no_longer_needed
from flows.engine.state import APART, Failure, Items, RunState, Scope
from flows.engine.topology import ALL, Rule, Topology, Way
from flows.engine.withdrawal import Withdrawal

MAX_STEPS = 100_000


class Progress:
    """Applies one event to a state and collects the commands that follow from it."""

    def __init__(self, shape: Topology, state: RunState) -> None:
        self.commands: list[Command] = []
        self._shape = shape
        self._state = state
        self._withdrawal = Withdrawal(shape, state, self.commands)
        self._ways: deque[tuple[Scope, str, bool, str]] = deque()
        self._decided: dict[tuple[str, str], tuple[Scope, Verdict]] = {}
        self._touched: deque[Scope] = deque()

    def start(self) -> None:
        """Begin the run, once."""
        if not self._state.root.begun:
            self._open(self._state.root)
            self._work_off()

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
            self._fail(entry[0], address)
            self._work_off()

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
            self._next_item(scope, node_id)
        self._work_off()

    def stop(self, last: list[Command]) -> None:
        """End the run here: whatever is under way is given up."""
        self._withdrawal.give_up_all()
        self._state.is_over = True
        self.commands.extend(last)

    def _open(self, scope: Scope) -> None:
        """Begin what begins a scope; one with nothing in it has settled already."""
        for element in scope.region.starts:
            self._begin(scope, element)
        if scope.is_resolved:
            self._touched.append(scope)

    def _begin(self, scope: Scope, element: str) -> None:
        scope.begun.add(element)
        if self._shape.is_loop(scope.region.key, element):
            self._next_round(scope, element)
            return
        self._start(scope, element, scope.address(element))

    def _start(self, scope: Scope, element: str, address: str) -> None:
        self._state.steps += 1
        self._state.active[address] = (scope, element)
        self.commands.append(StartStep(address))

    def _next_round(self, scope: Scope, head: str) -> None:
        rounds = scope.rounds.setdefault(head, [])
        number = len(rounds) + 1
        rounds.append(
            Scope(
                region=self._shape.regions[head],
                path=f"{scope.path}{head}:{number}/",
                parent=scope,
                owner=head,
                number=number,
            )
        )
        self._open(rounds[-1])

    def _next_item(self, scope: Scope, node_id: str) -> None:
        items = scope.items[node_id]
        index = len(items.scopes)
        items.scopes[index] = item = Scope(
            region=self._shape.regions[node_id],
            path=f"{scope.path}{node_id}[{index}]/",
            parent=scope,
            owner=node_id,
            number=index,
        )
        if items.is_apart:
            self._start(item, APART, item.path.rstrip("/"))
        else:
            self._open(item)

    def _end(self, scope: Scope, node_id: str, ports: "list[str] | tuple[()]") -> None:
        if node_id == APART:
            scope.is_over = True
            self._end_item(scope)
        else:
            self._leave(scope, node_id, ports)
        self._work_off()

    def _leave(
        self, scope: Scope, node_id: str, ports: "list[str] | tuple[()]"
    ) -> None:
        address = scope.address(node_id)
        for way in self._shape.ways_out[node_id]:
            self._send(scope, way, address, taken=way.port in ports)
        self._resolve(scope, node_id)

    def _send(self, scope: Scope, way: Way, source: str, *, taken: bool) -> None:
        """Pass a way on to its target, as far as the scope is not around it."""
        if way.levels:
            scope.exits.append((way, taken, source))
        elif not way.is_feedback:
            self._ways.append((scope, way.target, taken, source))
        elif taken:
            scope.fed[way.edge_id] = source

    def _resolve(self, scope: Scope, element: str) -> None:
        scope.done.add(element)
        self._touched.append(scope)

    def _work_off(self) -> None:
        while not self._state.is_over:
            if self._ways:
                self._arrive(*self._ways.popleft())
            elif self._touched:
                self._settle(self._touched.popleft())
            elif self._decided:
                self._begin_decided()
            else:
                break
        if self._state.steps > MAX_STEPS and not self._state.is_over:
            self.stop([FailRun(None, "run_too_long")])

    def _arrive(self, scope: Scope, element: str, taken: bool, source: str) -> None:  # noqa: FBT001
        if element in scope.begun or element in scope.done:
            return
        counts = scope.taken if taken else scope.dead
        counts[element] = counts.get(element, 0) + 1
        if taken:
            scope.arrived.setdefault(element, []).append(source)
        verdict = judge(
            self._rule(element),
            taken=scope.taken.get(element, 0),
            dead=scope.dead.get(element, 0),
            ways_in=scope.region.ways_in[element],
        )
        if verdict is Verdict.DEAD:
            self._kill(scope, element)
        elif verdict is not Verdict.OPEN:
            self._decided[scope.path, element] = (scope, verdict)

    def _rule(self, element: str) -> Rule:
        return self._shape.rules.get(element, ALL)

    def _begin_decided(self) -> None:
        """Begin what can start now, unless a join that is met does not need it."""
        decided = [
            (element, scope, verdict)
            for (_, element), (scope, verdict) in self._decided.items()
            if not scope.is_over
        ]
        self._decided.clear()
        needless = [
            (scope, other)
            for element, scope, verdict in decided
            if verdict is Verdict.MET and self._rule(element).mode != "all"
            for other in no_longer_needed(self._shape, scope, element)
        ]
        for scope, other in needless:
            if other not in scope.done:
                self._withdrawal.give_up(scope, other)
                self._resolve(scope, other)
        for element, scope, _ in decided:
            if element not in scope.done:
                self._begin(scope, element)

    def _kill(self, scope: Scope, element: str) -> None:
        """An element will never start, and neither will what only it leads to."""
        self._withdrawal.skip(scope.region.key, scope.path, element)
        address = scope.address(element)
        if self._shape.is_loop(scope.region.key, element):
            ways = self._shape.leads.get((scope.region.key, element), ())
        else:
            ways = self._shape.ways_out[element]
        for way in ways:
            self._send(scope, way, address, taken=False)
        self._resolve(scope, element)

    def _settle(self, scope: Scope) -> None:
        if scope.is_over:
            return
        if scope.region.kind == "loop":
            self._settle_round(scope)
        elif scope.is_resolved:
            scope.is_over = True
            if scope.parent is None:
                self._state.is_over = True
                self.commands.append(CompleteRun(self._state.output))
            else:
                self._end_item(scope)

    def _settle_round(self, scope: Scope) -> None:
        parent = scope.parent
        if parent is None:
            return
        has_room = scope.number < scope.region.max_rounds
        if scope.fed and has_room and scope.region.tails <= scope.done:
            self._withdrawal.close(scope)
            self._next_round(parent, scope.owner)
        elif scope.is_resolved:
            scope.is_over = True
            self._leave_loop(scope, parent)

    def _leave_loop(self, scope: Scope, parent: Scope) -> None:
        """Resolve the ways out of a loop, once, as its last round decided them."""
        fed = {address.rpartition("/")[2]: address for address in scope.fed.values()}
        exhausted = [
            (way, node_id in fed, fed.get(node_id, ""))
            for node_id, way in scope.region.exhausted
        ]
        if fed and not any(taken for _, taken, _ in exhausted):
            self._fail(scope, next(iter(fed.values())), "loop_exhausted")
            return
        for way, taken, source in (*scope.exits, *exhausted):
            outer = way._replace(levels=way.levels - 1)
            self._send(parent, outer, source, taken=taken)
        self._resolve(parent, scope.owner)

    def _fail(self, scope: Scope, cause: str, code: str | None = None) -> None:
        """Fail the item of a map around the scope, or else the run."""
        for around in scope.outwards():
            if around.region.kind == "map" and around.parent is not None:
                self._fail_item(around, around.parent, Failure(cause, code))
                return
        self.stop([FailRun(cause, code)])

    def _fail_item(self, item: Scope, scope: Scope, failure: Failure) -> None:
        self._withdrawal.close(item)
        items = scope.items[item.owner]
        items.failed[item.number] = failure
        if not self._shape.maps[item.owner].stops:
            self._end_item(item)
            return
        items.is_stopped = True
        self._withdrawal.close_items(scope, item.owner)
        self.commands.append(FailMap(scope.address(item.owner), item.number, *failure))

    def _end_item(self, item: Scope) -> None:
        scope = item.parent
        if scope is None:
            return
        items = scope.items[item.owner]
        items.ended += 1
        if items.ended == items.count:
            self.commands.append(FinishMap(scope.address(item.owner)))
        elif len(items.scopes) < items.count:
            self._next_item(scope, item.owner)
