"""One supervised process: how it starts, how it ends, when it starts again."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.supervisor.errors import ChildKeepsDying
from orchestrator_site.supervisor.guard import Guard, send
from orchestrator_site.supervisor.log_file import LogFile


@dataclass(frozen=True, slots=True)
class Patience:
    """How quickly a dead child comes back, and when it is given up."""

    first_delay_s: float = 0.5
    longest_delay_s: float = 10.0
    fast_death_s: float = 5.0
    fast_deaths: int = 5
    stop_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path


class Child:
    """Runs in a session of its own, so that Ctrl-C reaches the supervisor only."""

    def __init__(
        self, program: Program, log: LogFile, guard: Guard, patience: Patience
    ) -> None:
        self.program = program
        self.log = log
        self._guard = guard
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at = 0.0
        self._fast_deaths = 0

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process now."""
        output = self.log.open()
        try:
            self._process = subprocess.Popen(
                self.program.argv,
                env=self.program.env,
                cwd=self.program.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        finally:
            os.close(output)
        self._started_at = time.monotonic()
        self._guard.watch(self._process.pid)

    def tend(self) -> None:
        """Start the process again once it is dead and its delay is over.

        Raises: ChildKeepsDying after too many fast deaths in a row.
        """
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_again_at:
                self.start()
            return
        code = self._process.poll()
        if code is not None:
            self._bury()
            self._start_again_at = now + self._delay_after(now - self._started_at, code)

    def ask_to_stop(self) -> None:
        """Send SIGTERM, to the process only: it ends its own children in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_stopped(self, deadline: float) -> None:
        """Wait until it has ended; from the deadline on, end it and all it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            send(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._bury()

    def _bury(self) -> None:
        """End what a dead process has left in its group."""
        if self._process is not None:
            send(self._process.pid, signal.SIGKILL)
            self._guard.forget(self._process.pid)
        self._process = None

    def _delay_after(self, lived_s: float, code: int) -> float:
        fast = lived_s < self._patience.fast_death_s
        self._fast_deaths = self._fast_deaths + 1 if fast else 0
        if self._fast_deaths >= self._patience.fast_deaths:
            raise ChildKeepsDying(self.program.name, code, self.log.tail())
        doublings = max(0, self._fast_deaths - 1)
        delay = self._patience.first_delay_s * 2.0**doublings
        return min(delay, self._patience.longest_delay_s)
