"""Each fault, of a given size; whatever happened, the one checker has the last word."""

import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial

from django.db import connection

from flows.models import Flow, Run
from flows.models import Worker as WorkerRow
from tests.faults.broker import Broker, Messenger, starters_ring
from tests.faults.checker import Claims, Witness, flaws
from tests.faults.crew import Crew, Worker
from tests.faults.database import Database
from tests.faults.effects import EffectServer
from tests.faults.load import (
    People,
    Starter,
    all_ended,
    make_eight,
    make_timers,
    make_tour,
    open_runs,
)
from tests.faults.planting import Point
from tests.faults.proxy import Proxy
from tests.fixtures.stack import PATIENCE_S, wait_until

LOOK_EVERY_S = 0.02


class Stage:
    """Runs under way, the people whom they need, and whoever watches over them."""

    patience_s = PATIENCE_S

    def __init__(
        self,
        crew: Crew,
        effects: EffectServer,
        flow: Flow,
        *,
        pays: bool = False,
        seed: int = 1,
    ) -> None:
        self.crew, self.effects = crew, effects
        crew.allowed = [effects.origin]
        self.starter, self.people = Starter(flow, pays=pays), People(flow, effects)
        self.claims, self.may_deny = Claims(), True
        self._chance = random.Random(seed)  # noqa: S311  chooses victims
        self._next_look = 0.0

    def look(self) -> None:
        """Watch, and do people's part, every now and then."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_EVERY_S
            self.claims.look()
            self.people.act(may_deny=self.may_deny)

    def wait_for(self, condition, what: str) -> None:
        """Look until it is true."""

        def holds() -> object:
            self.look()
            return condition()

        try:
            wait_until(holds, what, self.patience_s)
        except AssertionError as error:
            told = [str(error), *open_runs(), *map(str, self.crew.workers)]
            raise AssertionError("\n".join(told)) from None

    def wait_for_effects(self, number: int) -> None:
        """Wait until so many more have happened."""
        enough = len(self.effects.done) + number
        self.wait_for(lambda: len(self.effects.done) >= enough, f"{enough} effects")

    def catch_at_work(self, workers: Sequence[Worker]) -> Worker:
        """Freeze a worker that holds runs, so that it still does when it is killed."""
        caught: list[Worker] = []

        def catch() -> bool:
            worker = self._chance.choice(workers)
            worker.freeze()
            if _held_by(worker):
                caught.append(worker)
                return True
            worker.thaw()
            if all_ended():
                self.starter.start()
            return False

        self.wait_for(catch, "a worker at work")
        return caught[0]

    def keep_up(self, for_s: float) -> None:
        """Let time pass while a fault lasts."""
        end = time.monotonic() + for_s
        self.wait_for(lambda: time.monotonic() > end, "the end of the fault")

    def finish(self) -> None:
        """Wait for the end of all runs, and check everything."""
        self.may_deny = True
        self.wait_for(all_ended, "the end of all runs")
        witness = Witness(
            accepted=self.starter.accepted,
            effects=self.effects.done,
            claims=self.claims.seen,
        )
        found = flaws(witness)
        assert not found, "\n".join(found)


def kill_workers(
    crew: Crew,
    effects: EffectServer,
    *,
    runs: int,
    workers: int,
    kills: int,
    every_s: float,
    seed: int = 1,
) -> None:
    """kill -9 of a random worker that holds runs, again and again; another takes its place."""
    stage = Stage(crew, effects, make_eight(effects), seed=seed)
    alive: list[Worker] = [crew.start() for _ in range(workers)]
    for _ in range(kills):
        stage.keep_up(every_s)
        stage.starter.start(runs // kills)
        victim = stage.catch_at_work(alive)
        victim.kill()
        alive.remove(victim)
        alive.append(crew.start())
    stage.finish()


def crash_everywhere(
    crew: Crew, effects: EffectServer, points: Sequence[Point]
) -> list[Point]:
    """A worker that dies at each of these points; the next one goes on, and dies too.

    Returns: the points that no worker came to.
    """
    stage, missed = Stage(crew, effects, make_tour(effects), pays=True), []
    for point in points:
        run = stage.starter.start_one()
        worker = crew.start(crash_at=[*point[:3], str(run.pk)])
        stage.wait_for(partial(_is_past, worker, run), f"the crash {point}")
        if worker.is_alive:
            missed.append(point)
            worker.kill()
    crew.start()
    stage.finish()
    return missed


def _is_past(worker: Worker, run: Run) -> bool:
    """Whether the worker has come to its point, or never will."""
    ended = Run.objects.filter(pk=run.pk, ended_at__isnull=False)
    return not worker.is_alive or ended.exists()


def freeze_workers(
    crew: Crew, effects: EffectServer, *, runs: int, lease_s: float, frozen_s: float
) -> None:
    """A worker that is stopped past its lease goes on; nothing that it writes counts."""
    stage = Stage(crew, effects, make_eight(effects))
    faults = {"lease_s": lease_s, "late_beat": True}
    pair = crew.start(**faults), crew.start(**faults)
    stage.starter.start(runs)
    stage.wait_for_effects(2)
    frozen = max(pair, key=_held_by)
    stage.may_deny = False
    stage.wait_for(lambda: _freeze(frozen), "a worker that is frozen")
    stage.wait_for(lambda: entry_of(frozen) is None, "a worker that was declared dead")
    stage.keep_up(frozen_s)
    frozen.thaw()
    stage.wait_for(lambda: entry_of(frozen) is not None, "a worker that is back")
    stage.finish()
    assert "was taken over by another worker" in frozen.words


def cut_network(
    crew: Crew,
    effects: EffectServer,
    proxy: Proxy,
    *,
    runs: int,
    lease_s: float,
    cut_s: float,
) -> None:
    """A worker goes on computing while its database is out of reach."""
    stage = Stage(crew, effects, make_eight(effects))
    alone = crew.start(database=proxy.url, lease_s=lease_s)
    stage.starter.start(runs)
    stage.wait_for_effects(2)
    stage.may_deny = False
    proxy.cut()
    crew.start(lease_s=lease_s)
    stage.wait_for(lambda: entry_of(alone) is None, "a worker that was declared dead")
    stage.keep_up(cut_s)
    proxy.heal()
    stage.wait_for(lambda: entry_of(alone) is not None, "a worker that is back")
    stage.finish()


def sweep_at_once(
    crew: Crew, effects: EffectServer, *, runs: int, workers: int
) -> None:
    """Several workers sweep all the time: for timers, events, slots and dead siblings."""
    stage = Stage(crew, effects, make_tour(effects), pays=True)
    for _ in range(workers):
        crew.start(sweep_s=0.002)
    stage.starter.start(runs)
    stage.finish()


def _freeze(worker: Worker) -> bool:
    """Freeze it while it does not write; on SQLite nobody else could."""
    worker.freeze()
    if connection.vendor == "sqlite" and not _is_writable():
        worker.thaw()
        return False
    return True


def _is_writable() -> bool:
    path = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def entry_of(worker: Worker) -> WorkerRow | None:
    """What it has said of itself; None before it has begun and once it was buried."""
    return WorkerRow.objects.filter(name__endswith=f":{worker.pid}").first()


def _held_by(worker: Worker) -> int:
    entry = entry_of(worker)
    return Run.objects.filter(owner_id=entry.pk).count() if entry else 0


def lose_answers(crew: Crew, effects: EffectServer, *, runs: int) -> None:
    """Every third joined commit lands, and its worker believes that it was lost."""
    stage = Stage(crew, effects, make_eight(effects))
    workers = [crew.start(lose_every=3) for _ in range(2)]
    stage.starter.start(runs)
    stage.finish()
    assert any("joined commit" in worker.words for worker in workers)


def garble_messages(
    crew: Crew,
    effects: EffectServer,
    broker: Broker,
    *,
    runs: int,
    workers: int,
    outages: int,
    away_s: float,
    late_s: float,
) -> None:
    """Each message three times and shuffled, and a broker that loses all of them."""
    crew.broker, crew.pace = broker.listening, {}
    stage = Stage(crew, effects, make_eight(effects))
    messenger = Messenger(broker, at_most_s=late_s)
    with starters_ring(broker.ringing), messenger.at_work():
        for _ in range(workers):
            crew.start()
        for _ in range(outages):
            stage.starter.start(runs // outages // 2)
            stage.wait_for_effects(1)
            broker.flush()
            broker.stop()
            stage.starter.start(runs // outages // 2)
            stage.keep_up(away_s)
            broker.start()
        stage.finish()
    assert messenger.delivered > 0


def restart_database(
    crew: Crew,
    effects: EffectServer,
    database: Database,
    *,
    runs: int,
    workers: int,
    restarts: int,
) -> None:
    """The database dies under everybody, and comes back as it was."""
    stage = Stage(crew, effects, make_eight(effects))
    for _ in range(workers):
        crew.start()
    for _ in range(restarts):
        stage.starter.start(runs // restarts)
        stage.wait_for_effects(1)
        database.restart()
        connection.close()
    stage.finish()


def move_clocks(
    crew: Crew, effects: EffectServer, *, runs: int, wait_s: float, by_s: float
) -> None:
    """Clocks jump by an hour while runs wait, and three workers sweep all the time.

    With a server the database's clock counts, whatever a worker's says. On SQLite all
    processes have the machine's clock, so it jumps for all of them at once.
    """
    stage = Stage(crew, effects, make_timers(effects, wait_s))
    shifts = [by_s] * 3 if connection.vendor == "sqlite" else [by_s, -by_s, 0.0]
    workers = [crew.start(clock_s=shift, sweep_s=0.005) for shift in shifts]
    stage.starter.start(runs // 2)
    stage.wait_for_effects(1)
    for worker in workers:
        worker.move_clock()
    stage.starter.start(runs // 2)
    stage.finish()
    assert len({(effect.token, effect.node) for effect in effects.done}) == 2 * runs
    if connection.vendor != "sqlite":
        assert min(effects.times_between("before", "after")) >= wait_s
