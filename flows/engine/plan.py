"""All scheduling: from a state and an event to a state and commands. Pure.

An edge is taken or dead, and deadness travels (dead-path elimination). A node starts when
its join rule is met; what a met join no longer needs is cancelled. A loop runs its body in
rounds and resolves the edges that leave it once, when it settles. A map runs its body for
each item, a limited number at once.

Source: Leymann and Roller, "Production Workflow" (2000), 3.5; van der Aalst et al.,
"Workflow Patterns" (2003); ADR 0014.
"""

from collections.abc import Iterable, Mapping

from flows.engine.events import (
    CancelRequested,
    CancelRun,
    Command,
    DeadlinePassed,
    Event,
    FailMap,
    FailRun,
    FinishMap,
    ItemsKnown,
    RunStarted,
    StartStep,
    StepCancelled,
    StepCompleted,
    StepFailed,
)
from flows.engine.progress import Progress
from flows.engine.state import RunState, Scope
from flows.engine.topology import Topology
from flows.graph.regions import ROOT

LAST: Mapping[type[Event], list[Command]] = {
    CancelRequested: [CancelRun()],
    DeadlinePassed: [FailRun(None, "run_deadline_passed")],
}


def initial_state(shape: Topology, body: str = ROOT) -> RunState:
    """The state of a run that has not begun; `body` is the map whose body it runs."""
    return RunState(root=Scope(region=shape.regions[body]))


def plan(
    shape: Topology, state: RunState, event: Event
) -> tuple[RunState, list[Command]]:
    """Apply `event` to `state` and say what to do next.

    Takes the state over: the one returned is the only one to use. An event that comes
    too late (the run is over, the step has ended already) changes nothing.
    """
    if state.is_over:
        return state, []
    progress = Progress(shape, state)
    match event:
        case RunStarted():
            progress.start()
        case StepCompleted(address, port):
            progress.end_step(address, port)
        case StepFailed(address, port):
            progress.fail_step(address, port)
        case StepCancelled(address):
            progress.cancel_steps(address)
        case ItemsKnown(address, count):
            progress.open_map(address, count)
        case CancelRequested() | DeadlinePassed():
            progress.stop(LAST[type(event)])
    return state, progress.commands


def resume(
    shape: Topology,
    recorded: Iterable[Event],
    *,
    items: Mapping[str, int] | None = None,
    body: str = ROOT,
) -> tuple[RunState, list[Command]]:
    """Fold what is recorded, in the order of its recording, into a state.

    `items` counts the items of maps that have begun and not ended, by address.
    Returns: the state, and the commands whose outcome is not recorded yet.
    """
    counts = items or {}
    state = initial_state(shape, body)
    begun: set[str] = set()
    for event in (RunStarted(), *recorded):
        state, commands = plan(shape, state, event)
        _open_maps(shape, state, commands, counts)
        if isinstance(event, StepCompleted | StepFailed | StepCancelled):
            begun.add(event.address)
    # The items of a map that has ended are not played again, but they count.
    state.steps = len(begun | state.active.keys())
    return state, _unfinished(state)


def _open_maps(
    shape: Topology,
    state: RunState,
    commands: list[Command],
    counts: Mapping[str, int],
) -> None:
    """Open maps as soon as they start: their items' steps were recorded before them."""
    for command in commands:
        if isinstance(command, StartStep) and command.address in counts:
            known = ItemsKnown(command.address, counts[command.address])
            _open_maps(shape, state, plan(shape, state, known)[1], counts)


def _unfinished(state: RunState) -> list[Command]:
    commands: list[Command] = []
    for address, (scope, node_id) in state.active.items():
        items = scope.items.get(node_id)
        if items is None:
            commands.append(StartStep(address))
        elif items.is_stopped:
            index, failure = next(iter(items.failed.items()))
            commands.append(FailMap(address, index, *failure))
        elif items.ended == items.count:
            commands.append(FinishMap(address))
    return commands
