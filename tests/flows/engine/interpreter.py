"""What a run does, said a second time: an interpreter to check `plan` against.

Production pushes ways through counters and queues. Here nothing is counted or queued:
each pass through a region knows what has become of its elements, an edge is asked for its
value whenever that is needed, and rules are applied until none applies any more. Slow, and
as close to the words of the design (section 3) and of ADR 0014 as could be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.flows.engine.anatomy import ROOT
from tests.flows.engine.random_graphs import Drawn
from tests.flows.engine.reading import APART, GONE, RUNNING, SETTLED, Pass, Reading


@dataclass
class Said:
    """What one event makes of a run: addresses that start and so on.

    `stops` are maps that stop, with the index of the item at fault; `end` is how the run
    ends, `code` says why an item or the run failed where that is not the error of a step,
    and `causes` are the steps one of which is to blame.
    """

    starts: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)
    cancels: list[str] = field(default_factory=list)
    finishes: list[str] = field(default_factory=list)
    stops: list[tuple[str, int]] = field(default_factory=list)
    end: str | None = None
    code: str | None = None
    causes: set[str] = field(default_factory=set)


class Interpreter:
    """A run of a drawn flow; each method is an event and returns what it makes."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.anatomy = drawn.anatomy
        self.read = Reading(drawn)
        self.root = Pass(ROOT)
        self.running: dict[str, tuple[Pass, str]] = {}
        self.is_over = False
        self.output: str | None = None
        self._said = Said()

    def start(self) -> Said:
        self._said = Said()
        if not self.root.status:
            self._open(self.root)
        return self._until_quiet()

    def complete(self, address: str, ports: str | None) -> Said:
        self._said = Said()
        if not self.is_over and address in self.running:
            scope, node_id = self.running.pop(address)
            self._close_items(scope, node_id)
            scope.status[node_id] = frozenset((ports or "").split(","))
            if node_id == APART:
                self._leave(scope)
            if node_id in self.drawn.outputs:
                self.output = address
        return self._until_quiet()

    def fail(self, address: str) -> Said:
        self._said = Said()
        if not self.is_over and address in self.running:
            scope, node_id = self.running.pop(address)
            self._close_items(scope, node_id)
            scope.status[node_id] = GONE
            self._fail(scope, {address})
        return self._until_quiet()

    def know_items(self, address: str, count: int) -> Said:
        self._said = Said()
        if not self.is_over and address in self.running:
            scope, node_id = self.running[address]
            if node_id not in scope.counts:
                scope.counts[node_id] = count
                scope.items[node_id] = []
                if count == 0:
                    self._said.finishes.append(address)
                for _ in range(min(count, self.drawn.maps[node_id].limit)):
                    self._open_item(scope, node_id)
        return self._until_quiet()

    def cancel(self, address: str) -> Said:
        self._said = Said()
        while not self.is_over and (found := self._inside(address)):
            scope, node_id = self.running[found]
            self._give_up(scope, node_id)
            if node_id == APART:
                self._leave(scope)
            self._until_quiet()
        return self._said

    def stop(self, how: str, code: str | None = None) -> Said:
        self._said = Said()
        if not self.is_over:
            self._said.code = code
            self._end(how)
        return self._said

    def open_passes(self) -> Iterator[Pass]:
        stack = [self.root]
        while stack:
            scope = stack.pop()
            if not scope.is_over and APART not in scope.status:
                yield scope
                stack += [rounds[-1] for rounds in scope.rounds.values()]
                stack += [item for items in scope.items.values() for item in items]

    def _until_quiet(self) -> Said:
        rules = (self._deaden, self._settle, self._begin)
        while not self.is_over and any(rule() for rule in rules):
            pass
        return self._said

    def _undecided(self) -> Iterator[tuple[Pass, str]]:
        for scope in list(self.open_passes()):
            for element in self.anatomy.elements[scope.key]:
                if element not in scope.status:
                    yield scope, element

    def _deaden(self) -> bool:
        for scope, element in self._undecided():
            values = self.read.values(scope, element)
            if values and all(value is False for value in values):
                self._skip(scope, element)
                return True
        return False

    def _begin(self) -> bool:
        """Begin all that can, but what a join that is met does not need."""
        ready = [each for each in self._undecided() if self.read.can_start(*each)]
        needless = [
            (scope, other)
            for scope, element in ready
            if self.read.is_met_early(scope, element)
            for other in self.read.needless(scope, element)
        ]
        for scope, other in needless:
            if scope.status.get(other, RUNNING) == RUNNING:
                self._give_up(scope, other)
        for scope, element in ready:
            if element not in scope.status:
                self._start(scope, element)
        return bool(ready)

    def _start(self, scope: Pass, element: str) -> None:
        scope.status[element] = RUNNING
        scope.arrived[element] = [
            edge.source
            for edge in self.anatomy.ways_in[scope.key, element]
            if self.read.value(edge, scope)
        ]
        if self.read.is_loop(scope, element):
            self._open_round(scope, element)
            return
        address = scope.path + element
        self.running[address] = (scope, element)
        self._said.starts.append(address)

    def _open_round(self, scope: Pass, head: str) -> None:
        rounds = scope.rounds.setdefault(head, [])
        number = len(rounds) + 1
        path = f"{scope.path}{head}:{number}/"
        rounds.append(Pass(head, path, scope, head, number))
        self._open(rounds[-1])

    def _open_item(self, scope: Pass, node_id: str) -> None:
        items = scope.items[node_id]
        path = f"{scope.path}{node_id}[{len(items)}]/"
        item = Pass(node_id, path, scope, node_id, len(items))
        items.append(item)
        if self.read.are_apart(scope, node_id):
            item.status[APART] = RUNNING
            item.arrived[APART] = []
            self.running[path.rstrip("/")] = (item, APART)
            self._said.starts.append(path.rstrip("/"))
        else:
            self._open(item)

    def _open(self, scope: Pass) -> None:
        for element in self.anatomy.elements[scope.key]:
            if not self.anatomy.ways_in[scope.key, element]:
                self._start(scope, element)

    def _settle(self) -> bool:
        for scope in list(self.open_passes()):
            if scope.key in self.anatomy.bodies:
                if self._settle_round(scope):
                    return True
            elif self.read.is_decided(scope):
                self._leave(scope)
                return True
        return False

    def _settle_round(self, scope: Pass) -> bool:
        asked = [self.read.value(edge, scope) for edge in self.read.feedback(scope)]
        may_go_on = scope.number < self.anatomy.rounds(scope.key)
        assert scope.parent is not None
        if None not in asked and any(asked) and may_go_on:
            self._close(scope)
            self._open_round(scope.parent, scope.key)
        elif self.read.is_decided(scope):
            scope.is_over = True
            scope.parent.status[scope.key] = SETTLED
            asking = {
                edge.source
                for edge in self.read.feedback(scope)
                if self.read.value(edge, scope)
            }
            if asking and not self.read.leads_on(asking):
                self._said.code = "loop_exhausted"
                self._fail(scope, {self.read.locate(each, scope) for each in asking})
        else:
            return False
        return True

    def _leave(self, scope: Pass) -> None:
        scope.is_over = True
        if scope.parent is None:
            self._end("completed")
        else:
            self._end_item(scope.parent, scope.owner)

    def _end_item(self, scope: Pass, node_id: str) -> None:
        items, count = scope.items[node_id], scope.counts[node_id]
        if len(items) < count:
            self._open_item(scope, node_id)
        elif all(item.is_over for item in items):
            self._said.finishes.append(scope.path + node_id)

    def _fail(self, scope: Pass, causes: set[str]) -> None:
        self._said.causes = causes
        inner: Pass | None = scope
        while inner is not None:
            if inner.key in self.drawn.maps and inner.parent is not None:
                self._fail_item(inner, inner.parent)
                return
            inner = inner.parent
        self._end("failed")

    def _fail_item(self, item: Pass, scope: Pass) -> None:
        self._close(item)
        if self.drawn.maps[item.owner].stops:
            self._close_items(scope, item.owner)
            self._said.stops.append((scope.path + item.owner, item.number))
        else:
            self._end_item(scope, item.owner)

    def _give_up(self, scope: Pass, element: str) -> None:
        before = scope.status.get(element)
        if before is None:
            self._skip(scope, element)
            return
        scope.status[element] = GONE
        if self.read.is_loop(scope, element):
            self._close(scope.rounds[element][-1])
        elif self.running.pop((scope.path + element).rstrip("/"), None):
            self._said.cancels.append((scope.path + element).rstrip("/"))
            self._close_items(scope, element)

    def _skip(self, scope: Pass, element: str) -> None:
        scope.status[element] = GONE
        self._said.skips += self.read.instances_of(scope.key, scope.path, element)

    def _close(self, scope: Pass) -> None:
        scope.is_over = True
        apart = [APART] if APART in scope.status else None
        for element in apart or self.anatomy.elements[scope.key]:
            if scope.status.get(element, RUNNING) == RUNNING:
                self._give_up(scope, element)

    def _close_items(self, scope: Pass, node_id: str) -> None:
        for item in scope.items.get(node_id, ()):
            if not item.is_over:
                self._close(item)

    def _inside(self, address: str) -> str | None:
        below = tuple(address + mark for mark in "/[:")
        found = [
            each for each in self.running if each == address or each.startswith(below)
        ]
        return min(found, key=len, default=None)

    def _end(self, how: str) -> None:
        self._said.cancels += self.running
        self.running.clear()
        self.is_over = True
        self._said.end = how
