"""The test's side of worker processes: start, kill, freeze, and wait for them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults.planting import Faults
from tests.fixtures.stack import database_url, wait_until

# Sweeps and looks that come often: nobody has to wait for them.
QUICK = {"sweep_s": 0.03, "mail_s": 0.03}


class Worker:
    """One worker process."""

    def __init__(self, crew: "Crew", pid: int, log: Path) -> None:
        self._crew, self.pid, self._log = crew, pid, log

    def kill(self) -> None:
        """End it as `kill -9` does, and wait until it is gone."""
        self._crew.tell({"signal": signal.SIGKILL, "pid": self.pid})
        self.wait()

    def freeze(self) -> None:
        self._crew.tell({"signal": signal.SIGSTOP, "pid": self.pid})

    def thaw(self) -> None:
        self._crew.tell({"signal": signal.SIGCONT, "pid": self.pid})

    def move_clock(self) -> None:
        """Let its clock jump by what was planted."""
        self._crew.tell({"signal": signal.SIGUSR1, "pid": self.pid})

    def ask_to_end(self) -> None:
        self._crew.tell({"signal": signal.SIGTERM, "pid": self.pid})

    @property
    def exit_code(self) -> int | None:
        """None while it lives; negative is the signal that killed it."""
        code: int | None = self._crew.tell({"poll": self.pid})
        return code

    @property
    def is_alive(self) -> bool:
        return self.exit_code is None

    def wait(self) -> int:
        wait_until(lambda: self.exit_code is not None, f"the end of worker {self.pid}")
        return self.exit_code or 0

    def __str__(self) -> str:
        state = "alive" if self.is_alive else f"exit code {self.exit_code}"
        return f"worker {self.pid}, {state}: {self.words[-1500:]}"

    @property
    def words(self) -> str:
        """What it has logged."""
        return self._log.read_text(encoding="utf-8", errors="replace")


class Crew:
    """Workers on the test database, forked by a nursery."""

    def __init__(self, nursery: "subprocess.Popen[bytes]", folder: Path) -> None:
        self._nursery, self._folder = nursery, folder
        self.workers: list[Worker] = []
        self.allowed: list[str] = []
        self.pace: dict[str, Any] = dict(QUICK)
        self.broker: str | None = None

    def start(
        self, *, database: str | None = None, web: int | None = None, **faults: Any
    ) -> Worker:
        """Start one, with these faults, that sweeps often.

        It may call what is `allowed`; with a `broker` it is a whole Celery worker, with
        `web` the web process at that port. It finds its `database` where the test does,
        unless told otherwise.
        """
        log = self._folder / f"worker-{len(self.workers)}.log"
        pid = self.tell(
            {
                "start": Faults(**{**self.pace, **faults}).as_json(),
                "log": str(log),
                "allow": self.allowed,
                "broker": self.broker,
                "database": database,
                "web": web,
            }
        )
        worker = Worker(self, pid, log)
        self.workers.append(worker)
        return worker

    def tell(self, order: dict[str, Any]) -> Any:
        stdin, stdout = self._nursery.stdin, self._nursery.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{json.dumps(order)}\n".encode())
        stdin.flush()
        return json.loads(stdout.readline())

    def kill_all(self) -> None:
        for worker in self.workers:
            if worker.is_alive:
                worker.kill()
        self.workers.clear()


@contextmanager
def nursery() -> Iterator["subprocess.Popen[bytes]"]:
    """A process with all code loaded, on the database that is the test's now."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        # As `up` starts workers: their memory is measured, too.
        env={**os.environ, "DATABASE_URL": database_url(), "MALLOC_ARENA_MAX": "2"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.communicate()
