"""All scheduling: from a state and an event to a state and commands. Pure.

A node starts when every way into it is taken or dead and at least one is taken; it is
skipped when all are dead, and deadness travels on from there (dead-path elimination).

Source: Leymann and Roller, "Production Workflow" (2000), 3.5; ADR 0003.
"""

from collections import deque
from collections.abc import Iterable

from flows.engine.events import (
    CancelRequested,
    CancelRun,
    CancelStep,
    Command,
    CompleteRun,
    Event,
    FailRun,
    RunStarted,
    SkipStep,
    StartStep,
    StepCompleted,
    StepFailed,
)
from flows.engine.state import RunState, is_resolved
from flows.engine.topology import Topology


def plan(
    shape: Topology, state: RunState, event: Event
) -> tuple[RunState, list[Command]]:
    """Apply `event` to `state` and say what to do next.

    Takes the state over: the one returned is the only one to use. An event that comes
    too late (the run is over, the step has ended already) changes nothing.
    """
    if state.is_over:
        return state, []
    match event:
        case RunStarted():
            return state, [_start(state, address) for address in shape.starts]
        case StepCompleted(address, port):
            return state, _complete(shape, state, address, port)
        case StepFailed(address):
            return state, _fail(state, address)
        case CancelRequested():
            return state, [*_stop(state), CancelRun()]


def resume(
    shape: Topology, recorded: Iterable[StepCompleted]
) -> tuple[RunState, list[Command]]:
    """Fold recorded steps, in the order of their recording, into a state.

    Returns: the state, and the commands whose outcome is not recorded yet.
    """
    state, pending = plan(shape, RunState(), RunStarted())
    for step in recorded:
        state, commands = plan(shape, state, step)
        pending += commands
    ended = state.ended
    return state, [
        command
        for command in pending
        if not (isinstance(command, StartStep) and command.address in ended)
        and not isinstance(command, SkipStep)
    ]


def _start(state: RunState, address: str) -> StartStep:
    state.active.add(address)
    return StartStep(address)


def _complete(
    shape: Topology, state: RunState, address: str, port: str | None
) -> list[Command]:
    if address not in state.active:
        return []
    state.active.remove(address)
    state.ended.add(address)
    if address in shape.outputs:
        state.output = address
    commands = _leave(shape, state, address, port)
    if not state.active:
        state.is_over = True
        commands.append(CompleteRun(state.output))
    return commands


def _leave(
    shape: Topology, state: RunState, address: str, port: str | None
) -> list[Command]:
    """Take the ways out by `port`, kill the others, and follow what that decides."""
    commands: list[Command] = []
    ways = deque(
        (address, way.target, way.port == port) for way in shape.ways_out[address]
    )
    while ways:
        source, target, taken = ways.popleft()
        arrivals = state.arrive(source, target, taken=taken)
        if not is_resolved(shape, target, arrivals):
            continue
        if arrivals.taken:
            commands.append(_start(state, target))
        else:
            state.ended.add(target)
            commands.append(SkipStep(target))
            ways.extend((target, way.target, False) for way in shape.ways_out[target])
    return commands


def _fail(state: RunState, address: str) -> list[Command]:
    if address not in state.active:
        return []
    state.active.remove(address)
    state.ended.add(address)
    return [*_stop(state), FailRun(address)]


def _stop(state: RunState) -> list[Command]:
    """End the run here: whatever is under way is given up."""
    given_up: list[Command] = [CancelStep(address) for address in sorted(state.active)]
    state.active.clear()
    state.is_over = True
    return given_up
