"""Runs played by hand: a drawing, the ends of its steps, and what follows in words."""

from typing import Any

from flows.engine.events import (
    CancelStep,
    Command,
    CompleteRun,
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
from flows.engine.topology import Rule, Topology, Window, topology
from tests.factories.graphs import graph

VERBS = {StartStep: "start", SkipStep: "skip", CancelStep: "cancel"}


def shape_of(drawing: str, **keys: Any) -> Topology:
    """The shape of a drawing; joins and maps say in `configs` how they are meant."""
    drawn = graph(drawing, **keys)
    configs = {node.id: (node.type, node.config) for node in drawn.nodes}
    return topology(
        drawn,
        outputs=[name for name, (type_, _) in configs.items() if type_ == "output"],
        rules={
            name: Rule(config.get("mode", "all"), config.get("count", 0))
            for name, (type_, config) in configs.items()
            if type_ == "join"
        },
        maps={
            name: Window(
                config.get("at_once", 10),
                config.get("stops", True),
                config.get("apart"),
            )
            for name, (type_, config) in configs.items()
            if type_ == "map"
        },
    )


class Play:
    """A run that has started; each method is one event and returns what follows."""

    def __init__(self, drawing: str, **keys: Any) -> None:
        self.shape = shape_of(drawing, **keys)
        self.state = initial_state(self.shape)
        self.recorded: list[Event] = []
        self.said = self.send(RunStarted())

    def send(self, event: Event) -> list[str]:
        self.state, commands = plan(self.shape, self.state, event)
        if isinstance(event, StepCompleted | StepFailed | StepCancelled):
            self.recorded.append(event)
        self.said = [words(command) for command in commands]
        return self.said

    def end(self, *steps: str) -> list[str]:
        """End steps well, each by the port behind its `=`, or else by `out`."""
        for step in steps:
            address, _, port = step.partition("=")
            self.send(StepCompleted(address, port or "out"))
        return self.said

    def fail(self, address: str, port: str | None = None) -> list[str]:
        return self.send(StepFailed(address, port))

    def cancel(self, address: str) -> list[str]:
        return self.send(StepCancelled(address))

    def items(self, address: str, count: int) -> list[str]:
        return self.send(ItemsKnown(address, count))

    def resumed(self, **items: int) -> list[str]:
        """What another worker goes on with; `items` counts those of open maps."""
        self.state, commands = resume(self.shape, self.recorded, items=items)
        return [words(command) for command in commands]

    @property
    def active(self) -> set[str]:
        return set(self.state.active)


def words(command: Command) -> str:
    """A command as a test writes it: `start a`, `fail run: loop_exhausted`."""
    match command:
        case StartStep(address) | SkipStep(address) | CancelStep(address):
            return f"{VERBS[type(command)]} {address}"
        case FinishMap(address):
            return f"finish {address}"
        case FailMap(address, index, cause, code):
            return f"fail {address}[{index}]: {_why(cause, code)}"
        case CompleteRun(output):
            return f"complete {output}"
        case FailRun(address, code):
            return f"fail run: {_why(address, code)}"
    return "cancel run"


def starts(*addresses: str) -> list[str]:
    return [f"start {each}" for each in addresses]


def skips(*addresses: str) -> list[str]:
    return [f"skip {each}" for each in addresses]


def cancels(*addresses: str) -> list[str]:
    return [f"cancel {each}" for each in addresses]


def _why(*reasons: str | None) -> str:
    return " ".join(filter(None, reasons))
