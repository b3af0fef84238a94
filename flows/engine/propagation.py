"""How a run moves on from one end to the next starts: edges, joins, rounds, items. Pure.

All ways are worked off before any scope is asked whether it has settled, and both before
anything begins: what follows from one event does not depend on the order in which edges
were drawn, and nothing begins only to be given up.
"""

from collections import deque
from collections.abc import Sequence

from flows.engine.events import (
    Command,
    CompleteRun,
    FailMap,
    FailRun,
    FinishMap,
    StartStep,
)
from flows.engine.joins import Verdict, judge, no_longer_needed
from flows.engine.state import APART, Failure, RunState, Scope
from flows.engine.topology import ALL, Rule, Topology, Way
from flows.engine.withdrawal import Withdrawal

MAX_STEPS = 100_000


class Propagation:
    """Passes on what has been decided, and says what follows, as its withdrawal does."""

    def __init__(
        self, shape: Topology, state: RunState, withdrawal: Withdrawal
    ) -> None:
        self._shape = shape
        self._state = state
        self._withdrawal = withdrawal
        self._commands = withdrawal.commands
        self._ways: deque[tuple[Scope, str, bool, str]] = deque()
        self._decided: dict[tuple[str, str], tuple[Scope, Verdict]] = {}
        self._touched: deque[Scope] = deque()

    def stop(self, last: list[Command]) -> None:
        """End the run here: whatever is under way is given up."""
        self._withdrawal.give_up_all()
        self._state.is_over = True
        self._commands.extend(last)

    def open(self, scope: Scope) -> None:
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
        self._commands.append(StartStep(address))

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
        self.open(rounds[-1])

    def next_item(self, scope: Scope, node_id: str) -> None:
        """Begin the next item of a map."""
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
            self.open(item)

    def leave(self, scope: Scope, node_id: str, ports: Sequence[str]) -> None:
        """Decide the ways out of a step that has ended."""
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

    def work_off(self) -> None:
        """Go on until nothing more follows."""
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
                self._commands.append(CompleteRun(self._state.output))
            else:
                self.end_item(scope)

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
            self.fail(scope, next(iter(fed.values())), "loop_exhausted")
            return
        for way, taken, source in (*scope.exits, *exhausted):
            outer = way._replace(levels=way.levels - 1)
            self._send(parent, outer, source, taken=taken)
        self._resolve(parent, scope.owner)

    def fail(self, scope: Scope, cause: str, code: str | None = None) -> None:
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
            self.end_item(item)
            return
        items.is_stopped = True
        self._withdrawal.close_items(scope, item.owner)
        self._commands.append(FailMap(scope.address(item.owner), item.number, *failure))

    def end_item(self, item: Scope) -> None:
        """Count an item that has ended, and begin the next one."""
        scope = item.parent
        if scope is None:
            return
        items = scope.items[item.owner]
        items.ended += 1
        if items.ended == items.count:
            self._commands.append(FinishMap(scope.address(item.owner)))
        elif len(items.scopes) < items.count:
            self.next_item(scope, item.owner)
