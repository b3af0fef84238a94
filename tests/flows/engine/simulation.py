"""A seeded simulation: random flows, and everything that can go wrong on the way.

Workers crash and are taken over, deliveries get lost, come twice, late and in any order,
people cancel. The same seed does the same again:

    .venv/bin/python -m tests.flows.engine.simulation 4711
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from flows.engine.events import (
    CancelRequested,
    Command,
    DeadlinePassed,
    Event,
    FailMap,
    FinishMap,
    ItemsKnown,
    RunStarted,
    StartStep,
    StepCancelled,
    StepCompleted,
    StepFailed,
)
from tests.flows.engine.random_graphs import random_flow, seeded
from tests.flows.engine.world import World, fingerprint

PATIENCE = 3_000


class SimulationFailed(AssertionError):
    """A rule was broken; the message is the command that breaks it again."""


def simulate(seeds: Iterable[int]) -> int:
    """Play every seed to its end. Returns: how many there were.

    Raises: SimulationFailed with the command that repeats the first failure.
    """
    played = 0
    for seed in seeds:
        try:
            Simulation(seed).play()
        except Exception as error:
            again = f".venv/bin/python -m tests.flows.engine.simulation {seed}"
            raise SimulationFailed(f"Again by: {again}") from error
        played += 1
    return played


@dataclass
class Simulation:
    """One seed."""

    seed: int
    deliveries: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = seeded(self.seed)
        self.drawn = random_flow(self.seed)
        self.failures = self.random.choice((0.0, 0.0, 0.1))
        self.meddling = self.random.choice((0.0, 0.02))
        self.world = World(self.drawn)
        self.holder = self.world.lease()
        self._launch(self.holder.agenda)

    def play(self) -> None:
        """Until the run is over; then nothing may change it any more."""
        for _ in range(PATIENCE):
            if self.world.journal.is_over:
                break
            self._turn()
        assert self.world.journal.is_over, "the run does not end"
        self.world.audit()
        late = [*self.deliveries, RunStarted(), CancelRequested(), DeadlinePassed()]
        for event in late:
            assert self.world.commit(self.holder, event) == []
        self.world.audit()

    def _turn(self) -> None:
        chance = self.random.random()
        if chance < 0.08:
            self._crash()
        elif chance < 0.12:
            self._take_over()
        elif chance < 0.12 + self.meddling:
            self._apply(self._meddle())
        elif not self.deliveries:
            self._launch(self.world.resumed()[1])  # the sweep finds what got lost
        else:
            self._deliver()

    def _crash(self) -> None:
        """What was in memory is gone; what was on its way may come all the same."""
        if self.random.random() < 0.5:
            self.deliveries.clear()
        before, self.holder = self.holder, self.world.lease()
        assert fingerprint(self.holder.state) == fingerprint(before.state)
        self._launch(self.holder.agenda)

    def _take_over(self) -> None:
        """A worker goes on after its lease has ended: nothing it says may count."""
        stale, self.holder = self.holder, self.world.lease()
        if self.deliveries:
            assert self.world.commit(stale, self.random.choice(self.deliveries)) is None
        self._launch(self.holder.agenda)

    def _deliver(self) -> None:
        index = self.random.randrange(len(self.deliveries))
        chance = self.random.random()
        if chance < 0.1:
            self.deliveries.pop(index)  # lost
        elif chance < 0.2:
            self._apply(self.deliveries[index])  # and once more, some time later
        else:
            self._apply(self.deliveries.pop(index))

    def _apply(self, event: Event) -> None:
        commands = self.world.commit(self.holder, event)
        assert commands is not None
        self._launch(commands)

    def _meddle(self) -> Event:
        """What a person, or the time, may do to a run."""
        active = sorted(self.holder.state.active)
        found = [*active, *(scope for each in active for scope in scopes(each))]
        expired = self._fail(self.random.choice(active), self.random)
        return self.random.choice(
            [
                *map(StepCancelled, found),
                *[expired] * len(active),
                RunStarted(),
                CancelRequested(),
                DeadlinePassed(),
            ]
        )

    def _launch(self, commands: list[Command]) -> None:
        """Carry commands out, in the sense that their outcome is on its way."""
        self.deliveries += filter(None, map(self._outcome, commands))

    def _outcome(self, command: Command) -> Event | None:
        """What comes of a command: the same each time, wherever it is carried out."""
        match command:
            case FinishMap(address):
                return self._finish(address, seeded(f"{self.seed} finish {address}"))
            case FailMap(address):
                return self._fail(address, seeded(f"{self.seed} fail {address}"))
            case StartStep(address):
                return self._run(address, seeded(f"{self.seed} {address}"))
        return None

    def _run(self, address: str, random: Random) -> Event:
        node_id = address.rpartition("/")[2]
        if random.random() < self.failures:
            return self._fail(address, random)
        if node_id in self.drawn.maps:
            return ItemsKnown(address, random.choice((0, 1, 2, 3, 5)))
        return self._finish(address, random)

    def _fail(self, address: str, random: Random) -> Event:
        ports = self.drawn.ports_of(address)
        port = random.choice(ports) if ports and random.random() < 0.3 else None
        return StepFailed(address, port)

    def _finish(self, address: str, random: Random) -> Event:
        """Leave by one port, mostly, or by several."""
        ports = self.drawn.ports_of(address)
        count = min(len(ports), random.choice((1, 1, 2)))
        return StepCompleted(address, ",".join(random.sample(ports, count)) or None)


def scopes(address: str) -> list[str]:
    """The rounds and items around a step, and their loops and maps: `n1:2`, `n1`."""
    return [address[: found.start()] for found in re.finditer(r"[/\[:]", address)]


if __name__ == "__main__":
    sys.stdout.write(f"{simulate(map(int, sys.argv[1:]))} played\n")
