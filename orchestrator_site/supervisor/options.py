"""What a person can say to `manage.py up`."""

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.supervisor.errors import CannotRun

ROOT = Path(__file__).resolve().parents[2]
MAX_PORT = 65_535
MAX_WORKERS = 64
QUEUE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Options:
    """`queues` are those that the workers take steps from; None for all."""

    host: str
    port: int
    data_dir: Path
    workers: int
    demo: bool
    queues: tuple[str, ...] | None = None

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def parse_options(argv: Sequence[str]) -> Options:
    """Read the command line over the environment over the defaults.

    Raises: CannotRun for a value that cannot be used.
    """
    given = _parser().parse_args(argv)
    port = _number("the port", given.port, low=1, high=MAX_PORT)
    workers = _number("--workers", given.workers, low=1, high=MAX_WORKERS)
    data_dir = Path(given.data_dir).expanduser().resolve()
    queues = _queues(given.queues)
    return Options(given.host, port, data_dir, workers, given.demo, queues)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manage.py up", description="Start Baton on this machine."
    )
    parser.add_argument(
        "--port",
        default=os.environ.get("BATON_PORT") or "8000",
        help="port of the pages and the API (BATON_PORT; 8000)",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (127.0.0.1)"
    )
    parser.add_argument(
        "--data-dir",
        default=os.environ.get("BATON_DATA_DIR") or str(ROOT / ".baton"),
        help="folder for everything Baton keeps (BATON_DATA_DIR; .baton)",
    )
    parser.add_argument("--workers", default="1", help="worker processes (1)")
    parser.add_argument(
        "--queues",
        metavar="NAMES",
        help="queues that the workers take steps from, such as cpu,gpu (all)",
    )
    parser.add_argument(
        "--no-demo",
        dest="demo",
        action="store_false",
        help="seed no demo flows, models and people",
    )
    parser.add_argument(
        "--no-install",
        action="store_true",
        help="fail rather than install missing packages",
    )
    return parser


def _queues(given: str | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    for name in names:
        if not QUEUE.fullmatch(name):
            raise CannotRun(
                f"--queues has {name!r}. Name queues with small letters, digits, - and _."
            )
    return names


def _number(what: str, word: str, *, low: int, high: int) -> int:
    if word.isascii() and word.isdigit() and low <= int(word) <= high:
        return int(word)
    raise CannotRun(f"{what} is {word!r}. Give a whole number from {low} to {high}.")
