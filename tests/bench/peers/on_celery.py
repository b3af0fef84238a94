"""Celery's own chain and group: late acknowledgement, results in Valkey."""

import base64
import os
import subprocess
import sys
import time
from contextlib import contextmanager

from celery import chain, chord, group

from tests.bench.figures import (
    CALLS,
    FAN,
    NODES,
    PAYLOAD_BYTES,
    RUNS,
    WAIT_S,
    WORKLOADS,
    answer,
    asked,
    play,
    timed,
)
from tests.bench.peers.celery_app import add_one, app, join, part, turn, wait

SYSTEM = "Celery"
TEXT = base64.b85encode(os.urandom(PAYLOAD_BYTES)).decode()[:PAYLOAD_BYTES]


@contextmanager
def workers(*pool: str):
    """Two processes, or the pool that is asked for."""
    command = [sys.executable, "-m", "celery", "-A", "tests.bench.peers.celery_app"]
    process = subprocess.Popen(
        [*command, "worker", *pool, "--loglevel", "ERROR", "--without-gossip"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not app.control.ping(timeout=0.5):
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def begin_chain():
    return chain(add_one.s(0), *[add_one.s() for _ in range(NODES - 1)])()


def run_together():
    for result in [begin_chain() for _ in range(RUNS)]:
        result.get()


def heavy():
    return chain(turn.s(TEXT), *[turn.s() for _ in range(NODES - 1)])().get()


def main() -> None:
    wanted = asked(WORKLOADS)
    work = {
        "W1": lambda: begin_chain().get(),
        "W2": lambda: chord(part.s(n) for n in range(FAN))(join.s()).get(),
        "W3": run_together,
        "W5": heavy,
    }
    with workers("--pool", "prefork", "--concurrency", "2"):
        for what in wanted:
            if what in work:
                answer([play(SYSTEM, what, lambda what=what: timed(work[what]))])
    if "W4" in wanted:
        calls = group(wait.s(WAIT_S) for _ in range(CALLS))
        with workers("--pool", "threads", "--concurrency", str(CALLS)):
            answer([play(SYSTEM, "W4", lambda: timed(lambda: calls().get()))])


if __name__ == "__main__":
    main()
