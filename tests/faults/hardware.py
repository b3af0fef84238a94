"""Faults of what everything stands on: a full disk, no power, and all of it mixed."""

import random
import time
from collections.abc import Callable, Sequence

from django.db import DatabaseError, connection

from tests.bench.figures import memory_mb
from tests.faults.broker import Broker
from tests.faults.crew import Crew
from tests.faults.database import Database
from tests.faults.disk import Stand
from tests.faults.effects import EffectServer
from tests.faults.load import all_ended, make_eight
from tests.faults.scenarios import Stage
from tests.fixtures.stack import wait_until

FULL_WORDS = ("no space left", "disk is full", "could not extend", "disk i/o error")


def lose_power(stand: Stand, effects: EffectServer, *, runs: int, losses: int) -> None:
    """The power goes while runs are under way; what was acknowledged is there again."""
    stage = Stage(stand.crew, effects, make_eight(effects))
    stand.disk.sync()
    for _ in range(losses):
        for _ in range(2):
            stand.crew.start()
        # Nobody is to blame a run for three deaths of its workers.
        stage.wait_for(all_ended, "the end of the runs of the last time")
        stage.starter.start(runs // losses - 1)
        stage.wait_for_effects(1)
        stage.starter.start()  # acknowledged a moment before
        stand.lose_power()
    stand.crew.start()
    stage.finish()


def fill_disk(stand: Stand, effects: EffectServer, *, runs: int) -> None:
    """No space for anything: starts are refused and workers say why; then all goes on."""
    stage = Stage(stand.crew, effects, make_eight(effects))
    workers = [stand.crew.start() for _ in range(2)]
    stage.starter.start(runs // 2)
    stage.wait_for_effects(1)
    stand.disk.fill()
    wait_until(lambda: _is_refused(stage), "a start that is refused")
    wait_until(
        lambda: any(
            text in worker.words.lower() for worker in workers for text in FULL_WORDS
        ),
        "a worker that says that the disk is full",
    )
    stand.disk.free()
    stand.bring_back()
    before = len(stage.starter.accepted)
    wait_until(lambda: not _is_refused(stage), "a start that is accepted again")
    assert len(stage.starter.accepted) == before + 1
    stage.starter.start(runs // 2)
    stage.finish()
    assert all(worker.is_alive for worker in workers)


def _is_refused(stage: Stage) -> bool:
    """Whether a run cannot be started now; what was accepted is remembered."""
    try:
        stage.starter.start_one()
    except DatabaseError:
        connection.close()
        return True
    return False


class Soak:
    """Everything that may end ends now and then, by chance."""

    def __init__(
        self,
        stage: Stage,
        broker: Broker,
        database: Database | None,
        *,
        workers: int,
        seed: int = 1,
    ) -> None:
        self._stage, self._broker, self._database = stage, broker, database
        self._chance = random.Random(seed)  # noqa: S311  chooses faults
        self.steady = stage.crew.start()
        self._others = [stage.crew.start() for _ in range(workers - 1)]
        self.happened: list[str] = []

    def strike(self) -> None:
        faults: list[Callable[[], None]] = [
            self._kill,
            self._kill,
            self._broker.flush,
            self._lose_broker,
        ]
        if self._database is not None:
            faults.append(self._restart_database)
        fault = self._chance.choice(faults)
        fault()
        self.happened.append(fault.__name__)

    def _kill(self) -> None:
        victim = self._chance.choice(self._others)
        victim.kill()
        self._others.remove(victim)
        self._others.append(self._stage.crew.start())

    def _lose_broker(self) -> None:
        self._broker.stop()
        self._stage.keep_up(2.0)
        self._broker.start()

    def _restart_database(self) -> None:
        assert self._database is not None
        self._database.restart()
        connection.close()


def soak(
    crew: Crew,
    effects: EffectServer,
    broker: Broker,
    database: Database | None,
    *,
    runs: int,
    for_s: float,
    every_s: float = 10.0,
) -> float:
    """A mix of all faults for a long time; one worker lives through all of it.

    Returns: by how many megabytes an hour that worker grew, after the first third.
    """
    crew.broker, crew.pace = broker.listening, {}
    stage = Stage(crew, effects, make_eight(effects))
    mix = Soak(stage, broker, database, workers=3)
    sizes: list[tuple[float, float]] = []
    rounds = int(for_s / every_s)
    for number in range(rounds):
        stage.starter.start(runs * (number + 1) // rounds - len(stage.starter.accepted))
        stage.keep_up(every_s)
        if number >= rounds // 3:
            sizes.append((time.monotonic() / 3600, memory_mb(mix.steady.pid)))
        mix.strike()
    stage.finish()
    assert mix.steady.is_alive
    assert {"_kill", "_lose_broker"} <= set(mix.happened)
    return slope(sizes)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the straight line that is nearest to these points."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    over = sum((x - middle_x) * (y - middle_y) for x, y in points)
    under = sum((x - middle_x) ** 2 for x, _ in points)
    return over / under if under else 0.0
