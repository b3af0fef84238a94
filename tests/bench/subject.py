"""Baton under one database: what `engine.py` starts, once for each."""

import base64
import os
from collections.abc import Callable
from functools import partial

import django

from tests.bench.figures import (
    CALLS,
    PAYLOAD_BYTES,
    RUNS,
    WAIT_S,
    Figure,
    answer,
    asked,
    figure,
    memory_mb,
    play,
    timed,
)

MEASUREMENTS = (
    "W1", "W2", "W3", "W4", "W5", "python", "api", "kill", "innocent", "inbox", "flat",
    "floors",
)  # fmt: skip
ON_SQLITE = ("W1", "W2", "W3", "W5")
THREADS_EACH = CALLS // 2 + 10


class Subject:
    """Measures what it is asked for, as one system of the table."""

    def __init__(self, database: str) -> None:
        self._database = database

    def name(self, kind: str) -> str:
        """The system's name in the table."""
        words = ["Baton", *(["SQLite"] if self._database == "sqlite" else [])]
        return ", ".join([*words, *(["pure"] if kind == "pure" else [])])

    def alone(self, what: str) -> None:
        """W1, W2, W5: one run at a time, driven in this process."""
        from tests.bench.documents import KINDS, chain, fan
        from tests.bench.runs import drive

        text = base64.b85encode(os.urandom(PAYLOAD_BYTES)).decode()[:PAYLOAD_BYTES]
        for kind in KINDS:
            flow, value = {
                "W1": lambda: (chain(kind), {"n": 1}),
                "W2": lambda: (fan(kind), {"n": 1}),
                "W5": lambda: (chain(kind, name="data"), {"data": text}),
            }[what]()
            answer([play(self.name(kind), what, partial(drive, flow, value))])

    def throughput(self) -> None:
        """W3: stored runs on one worker and on two, then runs accepted one by one."""
        from tests.bench.documents import KINDS, chain
        from tests.bench.runs import Ends, ring_and_wait, start, store
        from tests.bench.stack import workers

        values = [{"n": number} for number in range(RUNS)]
        flows = {kind: chain(kind) for kind in KINDS}
        ends = Ends()
        for count in (1, 2) if self._database == "postgresql" else (1,):
            how = ", 2 workers" if count == 2 else ""
            with workers(count):
                for kind, flow in flows.items():
                    last = ends.last_of(flow, values[0])

                    def stored(flow=flow, last=last) -> float:
                        return ring_and_wait(ends, store(flow, values), last)

                    def accepted(flow=flow, last=last) -> float:
                        return timed(
                            lambda: ends.wait(
                                [start(flow, value) for value in values], last
                            )
                        )

                    name = self.name(kind)
                    answer([play(name, "W3", stored, how=how)])
                    answer([play(name, "W3", accepted, how=f", public{how}")])
        ends.close()

    def calls(self) -> None:
        """W4: runs that wait for a model, on one worker and on two with half the threads."""
        from django.db import connection

        from tests.bench.documents import calling
        from tests.bench.runs import Ends, ring_and_wait, store
        from tests.bench.stack import workers

        flow, ends = calling("wait"), Ends()
        values = [{"n": number, "seconds": WAIT_S} for number in range(CALLS)]
        for count, threads in ((1, None), (2, THREADS_EACH)):
            how = ", 2 workers" if count == 2 else ""
            with workers(count, threads) as pids:
                last = ends.last_of(flow, values[0])
                name = self.name("committed")
                answer(
                    [
                        play(
                            name,
                            "W4",
                            lambda last=last: ring_and_wait(
                                ends, store(flow, values), last
                            ),
                            how=how,
                        )
                    ]
                )
                memory = [sum(map(memory_mb, pids))]
                answer([figure(name, f"W4 memory{how}", memory, "MB")])
                if connection.vendor == "postgresql":
                    opened = [float(_count_connections())]
                    answer([figure(name, f"W4 connections{how}", opened, "")])
        ends.close()


def _count_connections() -> int:
    """Connections to the database other than this process's."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (count,) = cursor.fetchone()
    return int(count)


def _measures(subject: Subject) -> dict[str, Callable[[], object]]:
    from tests.bench import api, flatness, floors, losses, neighbours, python_step

    return {
        "W1": partial(subject.alone, "W1"),
        "W2": partial(subject.alone, "W2"),
        "W3": subject.throughput,
        "W4": subject.calls,
        "W5": partial(subject.alone, "W5"),
        "python": python_step.measure,
        "api": api.measure,
        "kill": losses.measure,
        "innocent": neighbours.measure_computing,
        "inbox": neighbours.measure_senders,
        "flat": flatness.measure,
        "floors": lambda: answer(floors.measure_floors(asked(MEASUREMENTS))),
    }


def main() -> None:
    database = os.environ["DATABASE_URL"].partition(":")[0]
    os.environ["DJANGO_SETTINGS_MODULE"] = "orchestrator_site.settings.test"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    measures = _measures(Subject(database))
    for what in asked(ON_SQLITE if database == "sqlite" else MEASUREMENTS):
        measures[what]()
    _stop()


def _stop() -> None:
    from flows.conductor.process import PROCESS

    PROCESS.stop_driving()


__all__ = ["Figure", "Subject"]

if __name__ == "__main__":
    main()
