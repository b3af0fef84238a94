"""What a run does, said a second time: an interpreter to check `plan` against.

Production pushes ways through counters and queues. Here nothing is counted or queued:
each pass through a region knows what has become of its elements, an edge is asked for its
value whenever that is needed, and rules are applied until none applies any more. Slow, and
as close to the words of the design (section 3) and of ADR 0014 as could be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.engine.topology import Rule
from flows.graph.schema import Edge
from tests.flows.engine.anatomy import ROOT, Anatomy
from tests.flows.engine.random_graphs import Drawn

APART = ""  # stands for all nodes of an item that is one step
RUNNING, GONE, SETTLED = "running", "gone", "settled"
Status = str | frozenset[str]  # the ports by which a node was left


@dataclass(eq=False)
class Pass:
    """One pass through a region: the flow, a round, an item."""

    key: str
    path: str = ""
    parent: "Pass | None" = None
    owner: str = ""
    number: int = 0
    status: dict[str, Status] = field(default_factory=dict)
    rounds: dict[str, list["Pass"]] = field(default_factory=dict)
    items: dict[str, list["Pass"]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    arrived: dict[str, list[str]] = field(default_factory=dict)
    is_over: bool = False


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
        self.anatomy: Anatomy = drawn.anatomy
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

    def instances(self, scope: Pass) -> list[str]:
        """The addresses of all nodes in a pass, its rounds and its items."""
        found = []
        if APART in scope.status:
            return [scope.path.rstrip("/")]
        for element in self.anatomy.elements[scope.key]:
            inner = [*scope.rounds.get(element, ()), *scope.items.get(element, ())]
            found += [each for one in inner for each in self.instances(one)]
            if element not in scope.rounds:
                found += self._instances(scope.key, scope.path, element)
        return found

    def is_loop(self, scope: Pass, element: str) -> bool:
        return element != APART and self.anatomy.is_loop(scope.key, element)

    def value(self, edge: Edge, scope: Pass) -> bool | None:
        """Whether an edge is taken or dead; None while that is open."""
        element = self.anatomy.element(scope.key, edge.source)
        assert element is not None
        status = scope.status.get(element)
        if status is None or status == RUNNING:
            return None
        if status == GONE:
            return False
        if status != SETTLED:
            return edge.source_port in status
        last = scope.rounds[element][-1]
        asks = [each for each in self.feedback(last) if each.source == edge.source]
        if edge.source_port == "exhausted" and asks:
            return any(self.value(each, last) for each in asks)
        return self.value(edge, last)

    def feedback(self, scope: Pass) -> list[Edge]:
        return self.anatomy.feedback(scope.key)

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
            values = self._values(scope, element)
            if values and all(value is False for value in values):
                self._skip(scope, element)
                return True
        return False

    def _values(self, scope: Pass, element: str) -> list[bool | None]:
        edges = self.anatomy.ways_in[scope.key, element]
        return [self.value(edge, scope) for edge in edges]

    def _begin(self) -> bool:
        """Begin all that can, but what a join that is met does not need."""
        ready = [each for each in self._undecided() if self._can_start(*each)]
        needless = [
            (scope, other)
            for scope, element in ready
            if self._is_met_early(scope, element)
            for other in self._needless(scope, element)
        ]
        for scope, other in needless:
            if scope.status.get(other, RUNNING) == RUNNING:
                self._give_up(scope, other)
        for scope, element in ready:
            if element not in scope.status:
                self._start(scope, element)
        return bool(ready)

    def _rule(self, element: str) -> Rule:
        return self.drawn.rules.get(element, Rule())

    def _can_start(self, scope: Pass, element: str) -> bool:
        """Apply the table: enough arrived, or all did that can, or too few ever will."""
        values, rule = self._values(scope, element), self._rule(element)
        taken, still = values.count(True), values.count(None)
        if not taken:
            return False
        if rule.mode == "any":
            return True
        if rule.mode == "n_of_m":
            return taken >= rule.needed or taken + still < rule.needed
        return not still

    def _is_met_early(self, scope: Pass, element: str) -> bool:
        rule = self._rule(element)
        least = {"any": 1, "n_of_m": rule.needed}.get(rule.mode)
        taken = self._values(scope, element).count(True)
        return least is not None and taken >= least

    def _needless(self, scope: Pass, join: str) -> list[str]:
        """What is unfinished and can reach nothing that matters but by the join.

        It matters to end somewhere, to leave the region, to ask for another round, and
        to lead into what has ended already.
        """
        anatomy, key = self.anatomy, scope.key
        open_ = [
            element
            for element in anatomy.elements[key]
            if scope.status.get(element, RUNNING) == RUNNING and element != join
        ]
        leads = {each: self._targets(key, each) for each in open_}
        needed = {
            each
            for each in open_
            if not leads[each] or not leads[each] <= {join, *open_}
        }
        for _ in open_:
            needed |= {each for each in open_ if leads[each] & needed}
        return [each for each in open_ if each not in needed]

    def _targets(self, key: str, element: str) -> set[str | None]:
        """Where the ways out of an element lead, None being outside and back."""
        return {
            None if edge.is_feedback else self.anatomy.element(key, edge.target)
            for edge in self.anatomy.ways_out(key, element)
        }

    def _start(self, scope: Pass, element: str) -> None:
        scope.status[element] = RUNNING
        scope.arrived[element] = [
            edge.source
            for edge in self.anatomy.ways_in[scope.key, element]
            if self.value(edge, scope)
        ]
        if self.is_loop(scope, element):
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
        if self._are_apart(scope, node_id):
            item.status[APART] = RUNNING
            item.arrived[APART] = []
            self.running[path.rstrip("/")] = (item, APART)
            self._said.starts.append(path.rstrip("/"))
        else:
            self._open(item)

    def _are_apart(self, scope: Pass, node_id: str) -> bool:
        """Whether each item of a map is one step."""
        above = self.drawn.maps[node_id].apart_above
        return above is not None and scope.counts[node_id] > above

    def _open(self, scope: Pass) -> None:
        for element in self.anatomy.elements[scope.key]:
            if not self.anatomy.ways_in[scope.key, element]:
                self._start(scope, element)

    def _settle(self) -> bool:
        for scope in list(self.open_passes()):
            if scope.key in self.anatomy.bodies:
                if self._settle_round(scope):
                    return True
            elif self._is_decided(scope):
                self._leave(scope)
                return True
        return False

    def _is_decided(self, scope: Pass) -> bool:
        return all(
            scope.status.get(element, RUNNING) != RUNNING
            for element in self.anatomy.elements[scope.key]
        )

    def _settle_round(self, scope: Pass) -> bool:
        asked = [self.value(edge, scope) for edge in self.feedback(scope)]
        may_go_on = scope.number < self.anatomy.rounds(scope.key)
        assert scope.parent is not None
        if None not in asked and any(asked) and may_go_on:
            self._close(scope)
            self._open_round(scope.parent, scope.key)
        elif self._is_decided(scope):
            scope.is_over = True
            scope.parent.status[scope.key] = SETTLED
            asking = {
                edge.source for edge in self.feedback(scope) if self.value(edge, scope)
            }
            if asking and not self._leads_on(asking):
                self._said.code = "loop_exhausted"
                self._fail(scope, {self._locate(each, scope) for each in asking})
        else:
            return False
        return True

    def _locate(self, node_id: str, scope: Pass) -> str:
        """The address of a node in a pass or in the last rounds in it."""
        element = self.anatomy.element(scope.key, node_id)
        if element is not None and self.is_loop(scope, element):
            return self._locate(node_id, scope.rounds[element][-1])
        return scope.path + node_id

    def _leads_on(self, asking: set[str]) -> bool:
        """Whether some node that asked for a round too many has somewhere to go."""
        return any(
            edge.source in asking and edge.source_port == "exhausted"
            for edge in self.drawn.graph.forward
        )

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
        if self.is_loop(scope, element):
            self._close(scope.rounds[element][-1])
        elif self.running.pop((scope.path + element).rstrip("/"), None):
            self._said.cancels.append((scope.path + element).rstrip("/"))
            self._close_items(scope, element)

    def _skip(self, scope: Pass, element: str) -> None:
        scope.status[element] = GONE
        self._said.skips += self._instances(scope.key, scope.path, element)

    def _instances(self, key: str, path: str, element: str) -> list[str]:
        if not self.anatomy.is_loop(key, element):
            return [path + element]
        return [
            found
            for inner in self.anatomy.elements[element]
            for found in self._instances(element, f"{path}{element}:1/", inner)
        ]

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
