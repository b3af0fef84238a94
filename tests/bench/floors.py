"""What a program reaches that commits each step by hand, on the same database."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from django.db import connections

from flows.models import Step
from tests.bench.figures import (
    DJANGO,
    FAN,
    IN_TURNS,
    NODES,
    PAYLOAD_BYTES,
    PSYCOPG,
    ROUNDS,
    RUNS,
    WARM_UP,
    Figure,
    figure,
    play,
    timed,
)

THREADS = 16
SMALL = bytes(300)
INSERT = "INSERT INTO floor (n, body) VALUES (%b, %b)"


def measure_floors(wanted: list[str]) -> list[Figure]:
    """One prepared INSERT a commit, and one write of the ORM a step."""
    with _table() as connection:
        by_hand = {
            "W1": lambda: timed(lambda: write(connection, NODES, SMALL)),
            "W2": lambda: timed(lambda: write(connection, FAN + 1, SMALL)),
            "W3": lambda: together(os.environ["DATABASE_URL"]),
            "W5": lambda: timed(
                lambda: write(connection, NODES, os.urandom(PAYLOAD_BYTES))
            ),
        }
        by_orm = {"W1": lambda: timed(write_rows), "W3": rows_together}
        return [
            *(play(PSYCOPG, what, by_hand[what]) for what in wanted if what in by_hand),
            *(play(DJANGO, what, by_orm[what]) for what in wanted if what in by_orm),
        ]


def measure_in_turns(system: str, round_: Callable[[], float]) -> list[Figure]:
    """Rounds of W1 and of its floors in turns, which a slow minute slows alike."""
    with _table() as connection:
        in_turns = {
            system: round_,
            PSYCOPG: lambda: timed(lambda: write(connection, NODES, SMALL)),
            DJANGO: lambda: timed(write_rows),
        }
        rounds = [
            [play_one() * 1000 for play_one in in_turns.values()]
            for _ in range(WARM_UP["W1"] + ROUNDS["W1"])
        ]
    taken = zip(*rounds[WARM_UP["W1"] :], strict=True)
    return [
        figure(name, IN_TURNS, list(each), "ms")
        for name, each in zip(in_turns, taken, strict=True)
    ]


@contextmanager
def _table() -> Iterator[psycopg.Connection]:
    """A connection, and the table that floors write to."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS floor (n int, body bytea)")
        connection.execute("ALTER TABLE floor ALTER body SET STORAGE EXTERNAL")
        yield connection


def write(connection, steps: int, body: bytes) -> None:
    for step in range(steps):
        connection.execute(INSERT, (step, body), prepare=True)


def together(url: str) -> float:
    """Seconds for the runs, on as many connections as pay off."""
    open_ = [psycopg.connect(url, autocommit=True) for _ in range(THREADS)]

    def share(number: int) -> None:
        for _ in range(number, RUNS, THREADS):
            write(open_[number], NODES, SMALL)

    with ThreadPoolExecutor(THREADS) as pool:
        seconds = timed(lambda: list(pool.map(share, range(THREADS))))
    for each in open_:
        each.close()
    return seconds


def write_rows() -> None:
    run_id = uuid4()
    for step in range(NODES):
        Step.objects.create(
            run_id=run_id,
            address=f"step_{step}",
            node_id=f"step_{step}",
            type="model",
            status="completed",
            result=SMALL,
            seq=step,
        )


def rows_together() -> float:
    def share(number: int) -> None:
        for _ in range(number, RUNS, THREADS):
            write_rows()
        connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return timed(lambda: list(pool.map(share, range(THREADS))))
