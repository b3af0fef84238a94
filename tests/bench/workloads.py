"""W1 to W5 on Baton, with steps that are each committed and with pure ones."""

import base64
import os
from functools import partial
from uuid import UUID

from django.db import connection

from tests.bench.documents import KINDS, Kind, calling, chain, fan
from tests.bench.figures import (
    CALLS,
    PAYLOAD_BYTES,
    RUNS,
    WAIT_S,
    answer,
    figure,
    memory_mb,
    play,
    timed,
)
from tests.bench.floors import measure_in_turns
from tests.bench.runs import Ends, drive, drive_accepted, ring_and_wait, start, store
from tests.bench.stack import NAME, workers

THREADS_EACH = CALLS // 2 + 10


def name(kind: Kind) -> str:
    """The system's name in the table."""
    words = ["Baton"]
    if connection.vendor == "sqlite":
        words.append("SQLite")
    if kind == "pure":
        words.append("pure")
    return ", ".join(words)


def measure_w1() -> None:
    """A chain, one run at a time, driven in this process."""
    for kind in KINDS:
        flow, value = chain(kind), {"n": 1}
        answer([play(name(kind), "W1", partial(drive, flow, value))])
        accepted = partial(drive_accepted, flow, value)
        answer([play(name(kind), "W1", accepted, how=", accepted too")])
    if connection.vendor == "postgresql":
        flow = chain("committed")
        answer(measure_in_turns(name("committed"), partial(drive, flow, {"n": 1})))


def measure_w2() -> None:
    """A fan-out and its join."""
    for kind in KINDS:
        answer([play(name(kind), "W2", partial(drive, fan(kind), {"n": 1}))])


def measure_w5() -> None:
    """A chain that passes on a payload which each step changes."""
    text = base64.b85encode(os.urandom(PAYLOAD_BYTES)).decode()[:PAYLOAD_BYTES]
    for kind in KINDS:
        flow = chain(kind, name="data")
        answer([play(name(kind), "W5", partial(drive, flow, {"data": text}))])


def measure_w3() -> None:
    """Many chains at once: stored before, and accepted one by one by the public way."""
    ends = Ends()
    flows = {kind: chain(kind) for kind in KINDS}
    for count in (1, 2) if connection.vendor == "postgresql" else (1,):
        how = ", 2 workers" if count == 2 else ""
        with workers(count):
            for kind, flow in flows.items():
                rounds = Rounds(ends, flow, [{"n": number} for number in range(RUNS)])
                answer([play(name(kind), "W3", rounds.stored, how=how)])
                public = f", public{how}"
                answer([play(name(kind), "W3", rounds.accepted, how=public)])
    ends.close()


class Rounds:
    """Rounds of many runs at once, carried out by workers."""

    def __init__(self, ends: Ends, flow, values: list[dict]) -> None:
        self._ends = ends
        self._flow = flow
        self._values = values
        self._last = ends.last_of(flow, values[0])

    def stored(self) -> float:
        """Seconds from the bell to the last end, of runs that are stored before."""
        ids = store(self._flow, self._values)
        return ring_and_wait(self._ends, ids, self._last)

    def accepted(self) -> float:
        """Seconds from the first acceptance to the last end."""
        return timed(lambda: self._ends.wait(self._start(), self._last))

    def _start(self) -> list[UUID]:
        return [start(self._flow, value) for value in self._values]


def measure_w4() -> None:
    """Runs that wait for a model, on one worker and on two with half the threads."""
    flow, ends = calling("wait"), Ends()
    values = [{"n": number, "seconds": WAIT_S} for number in range(CALLS)]
    for count, threads in ((1, None), (2, THREADS_EACH)):
        how = ", 2 workers" if count == 2 else ""
        with workers(count, threads) as pids:
            rounds = Rounds(ends, flow, values)
            answer([play(name("committed"), "W4", rounds.stored, how=how)])
            memory = [sum(map(memory_mb, pids))]
            opened = [float(_count_connections())]
        answer(
            [
                figure(name("committed"), f"W4 memory{how}", memory, "MB"),
                figure(name("committed"), f"W4 connections{how}", opened, ""),
            ]
        )
    ends.close()


def _count_connections() -> int:
    """The workers' connections to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME]
        )
        return int(cursor.fetchone()[0])
