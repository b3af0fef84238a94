"""A world for `plan` to live in: what is stored, who holds the run, what was promised.

It keeps the rules of the conductor in the small: only what is committed counts, a commit
is fenced by epoch and sequence number, and whoever takes over folds what is recorded. Each
commit that counts is compared with the independent interpreter.
"""

from dataclasses import dataclass, field

from flows.engine.events import (
    CancelRequested,
    CancelRun,
    CancelStep,
    Command,
    CompleteRun,
    DeadlinePassed,
    Event,
    FailMap,
    FailRun,
    FinishMap,
    ItemsKnown,
    RunStarted,
    SkipStep,
    StartStep,
    StepCancelled,
    StepCompleted,
    StepFailed,
)
from flows.engine.plan import initial_state, plan, resume
from flows.engine.state import Items, RunState, Scope
from tests.flows.engine.interpreter import Interpreter, Said
from tests.flows.engine.random_graphs import Drawn

ENDS = (CompleteRun, FailRun, CancelRun)
HOW = {CompleteRun: "completed", FailRun: "failed", CancelRun: "cancelled"}


@dataclass
class Journal:
    """The stored part of a run: what has ended, which maps are open, and the fence."""

    recorded: list[Event] = field(default_factory=list)
    open_maps: dict[str, int] = field(default_factory=dict)
    epoch: int = 0
    seq: int = 0
    is_over: bool = False


@dataclass
class Holder:
    """A worker's memory of the run, from the epoch in which it took it."""

    epoch: int
    seq: int
    state: RunState
    agenda: list[Command]


@dataclass
class World:
    """One run of a drawn flow."""

    drawn: Drawn
    journal: Journal = field(default_factory=Journal)
    commands: list[Command] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.interpreter = Interpreter(self.drawn)
        self._expect(
            self.interpreter.start(),
            plan(self.drawn.shape, initial_state(self.drawn.shape), RunStarted())[1],
        )

    def lease(self) -> Holder:
        """Take the run, over from whoever holds it: the agenda is all that is undone."""
        self.journal.epoch += 1
        state, agenda = self.resumed()
        assert state.active.keys() == self.interpreter.running.keys()
        assert sorted(map(_address, agenda)) == sorted(self._undone())
        assert state.steps == len(addresses(StartStep, self.commands))
        self._compare_arrivals(state)
        return Holder(self.journal.epoch, self.journal.seq, state, agenda)

    def resumed(self) -> tuple[RunState, list[Command]]:
        """The fold of what is stored."""
        recorded, items = self.journal.recorded, dict(self.journal.open_maps)
        return resume(self.drawn.shape, recorded, items=items)

    def commit(self, holder: Holder, event: Event) -> list[Command] | None:
        """Let a holder plan and store what follows. Returns: None if it was refused."""
        was_active = _address_of(event) in holder.state.active
        holder.state, commands = plan(self.drawn.shape, holder.state, event)
        if (holder.epoch, holder.seq) != (self.journal.epoch, self.journal.seq):
            return None
        self._record(event, commands, is_end=was_active)
        holder.seq = self.journal.seq
        self._expect(self._interpret(event), commands)
        assert holder.state.active.keys() == self.interpreter.running.keys()
        assert holder.state.is_over == self.interpreter.is_over
        self._compare_arrivals(holder.state)
        return commands

    def _record(self, event: Event, commands: list[Command], *, is_end: bool) -> None:
        """As the conductor does: ends of steps, cancelled ones one by one, open maps."""
        journal = self.journal
        journal.seq += 1
        if isinstance(event, ItemsKnown) and is_end:
            journal.open_maps.setdefault(event.address, event.count)
        gone = [each.address for each in commands if isinstance(each, CancelStep)]
        if isinstance(event, StepCompleted | StepFailed) and is_end:
            journal.recorded.append(event)
            gone = [event.address, *gone]
        for address in gone:
            journal.open_maps.pop(address, None)
        if not any(isinstance(each, ENDS) for each in commands):
            journal.recorded += [
                StepCancelled(each.address)
                for each in commands
                if isinstance(each, CancelStep)
            ]
        else:
            journal.is_over = True

    def _interpret(self, event: Event) -> Said:
        told = self.interpreter
        match event:
            case RunStarted():
                said = told.start()
            case StepFailed(address, None):
                said = told.fail(address)
            case StepCompleted(address, port) | StepFailed(address, port):
                said = told.complete(address, port)
            case StepCancelled(address):
                said = told.cancel(address)
            case ItemsKnown(address, count):
                said = told.know_items(address, count)
            case CancelRequested():
                said = told.stop("cancelled")
            case DeadlinePassed():
                said = told.stop("failed", "run_deadline_passed")
        return said

    def _expect(self, said: Said, commands: list[Command]) -> None:
        self.commands += commands
        assert addresses(StartStep, commands) == sorted(said.starts)
        assert addresses(SkipStep, commands) == sorted(said.skips)
        assert addresses(CancelStep, commands) == sorted(said.cancels)
        assert addresses(FinishMap, commands) == sorted(said.finishes)
        stops = [each for each in commands if isinstance(each, FailMap)]
        assert [(each.address, each.index) for each in stops] == said.stops
        ends = [each for each in commands if isinstance(each, ENDS)]
        assert [HOW[type(each)] for each in ends] == ([said.end] if said.end else [])
        for each in stops:
            assert (each.cause in said.causes, each.code) == (True, said.code)
        for each in ends:
            self._compare_end(each, said)

    def _compare_end(self, end: Command, said: Said) -> None:
        if isinstance(end, CompleteRun):
            assert end.output == self.interpreter.output
        elif isinstance(end, FailRun):
            assert end.code == said.code
            assert end.address in (said.causes or {None})

    def _compare_arrivals(self, state: RunState) -> None:
        for address, (scope, node_id) in state.active.items():
            arrived = [
                each.rpartition("/")[2] for each in scope.arrived.get(node_id, ())
            ]
            known = self.interpreter.running[address][0].arrived[node_id]
            assert sorted(arrived) == sorted(known)

    def _undone(self) -> list[str]:
        """Steps that run, and maps that are neither waiting for their items nor done."""
        return [
            address
            for address, (scope, node_id) in self.interpreter.running.items()
            if node_id not in scope.counts
            or all(item.is_over for item in scope.items[node_id])
        ]

    def audit(self) -> None:
        """Check what must hold of every run that has ended."""
        assert isinstance(self.commands[-1], ENDS)
        assert sum(isinstance(each, ENDS) for each in self.commands) == 1
        ended = [_address_of(event) for event in self.journal.recorded]
        assert len(ended) == len(set(ended)), "a step ended twice"
        started = addresses(StartStep, self.commands)
        skipped = addresses(SkipStep, self.commands)
        decided = [*started, *skipped]
        assert len(decided) == len(set(decided)), "a step was decided twice"
        cancelled = addresses(CancelStep, self.commands)
        assert set(started) == {*ended, *cancelled}, "a step was left behind"
        instances = self.interpreter.read.instances(self.interpreter.root)
        if isinstance(self.commands[-1], CompleteRun):
            assert sorted(decided) == sorted(instances), "a node was left undecided"
        assert set(decided) <= set(instances)


def fingerprint(state: RunState) -> object:
    """All that a state remembers, to compare it; the items of ended maps are left out."""
    active = {address: node_id for address, (_, node_id) in state.active.items()}
    return (active, state.output, state.is_over, state.steps, _print(state, state.root))


def _print(state: RunState, scope: Scope) -> object:
    open_maps = [each for each in scope.items if scope.path + each in state.active]
    return (
        scope.path,
        scope.is_over,
        scope.begun,
        scope.done,
        scope.fed,
        scope.exits,
        (scope.taken, scope.dead, scope.arrived),
        {
            head: [_print(state, each) for each in rounds]
            for head, rounds in scope.rounds.items()
        },
        {node_id: _print_items(state, scope.items[node_id]) for node_id in open_maps},
    )


def _print_items(state: RunState, items: Items) -> object:
    inner = [_print(state, each) for each in items.scopes.values()]
    return (items.count, items.ended, items.failed, items.is_stopped, inner)


def addresses(kind: type[Command], commands: list[Command]) -> list[str]:
    """The addresses of the commands of one kind, in order."""
    return sorted(_address(each) for each in commands if isinstance(each, kind))


def _address(command: Command) -> str:
    return str(getattr(command, "address", ""))


def _address_of(event: Event) -> str:
    return str(getattr(event, "address", ""))
