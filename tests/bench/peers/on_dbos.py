"""DBOS on PostgreSQL: a workflow of steps, each of them recorded."""

import asyncio
import base64
import os
import time
from urllib.parse import urlsplit

from dbos import DBOS

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

SYSTEM = "DBOS"
TEXT = base64.b85encode(os.urandom(PAYLOAD_BYTES)).decode()[:PAYLOAD_BYTES]


@DBOS.step()
def add_one(n: int) -> int:
    return n + 1


@DBOS.step()
async def part(n: int) -> int:
    return n


@DBOS.step()
def turn(text: str) -> str:
    return text[1:] + text[0]


@DBOS.step()
def wait() -> None:
    time.sleep(WAIT_S)


@DBOS.workflow()
def chain(n: int) -> int:
    for _ in range(NODES):
        n = add_one(n)
    return n


@DBOS.workflow()
async def fan() -> int:
    parts = await asyncio.gather(*(part(n) for n in range(FAN)))
    return await part(len(parts))


@DBOS.workflow()
def heavy(text: str) -> str:
    for _ in range(NODES):
        text = turn(text)
    return text


@DBOS.workflow()
def call() -> None:
    wait()


def together(workflow, runs, *args):
    handles = [DBOS.start_workflow(workflow, *args) for _ in range(runs)]
    for handle in handles:
        handle.get_result()


def _address(url: str) -> str:
    """The database as SQLAlchemy takes it, which knows no sockets in a host's place."""
    user, _, host = urlsplit(url).netloc.rpartition("@")
    return f"postgresql+psycopg://{user}@/postgres?host={host}"


def main() -> None:
    DBOS(
        config={
            "name": "bench",
            "system_database_url": _address(os.environ["DATABASE_URL"]),
            "run_admin_server": False,
            "log_level": "ERROR",
            "max_executor_threads": CALLS + 20,
        }
    )
    DBOS.launch()
    work = {
        "W1": lambda: chain(0),
        "W2": lambda: asyncio.run(fan()),
        "W3": lambda: together(chain, RUNS, 0),
        "W4": lambda: together(call, CALLS),
        "W5": lambda: heavy(TEXT),
    }
    for what in asked(WORKLOADS):
        answer([play(SYSTEM, what, lambda what=what: timed(work[what]))])
    DBOS.destroy()


if __name__ == "__main__":
    main()
