"""A server that lives as long as a `with` block."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.guard import Guard, send

START_S = 60.0
STOP_S = 10.0
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Server:
    """`user` is who runs it where we are root, which PostgreSQL refuses."""

    argv: Sequence[str]
    log: Path
    is_ready: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None


@contextmanager
def running(server: Server, guard: Guard) -> Iterator[int]:
    """Start the server, wait until it is ready, stop it at the end of the block.

    Yields its pid.
    Raises: CannotRun with the server's last words.
    """
    with server.log.open("ab") as output:
        process = subprocess.Popen(
            server.argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=server.user,
            cwd="/",
            start_new_session=True,
        )
    guard.watch(process.pid)
    try:
        _wait_ready(process, server)
        yield process.pid
    finally:
        _stop(process, server)
        guard.forget(process.pid)


def user_for_servers() -> str | None:
    """Who runs a server that refuses root: nobody, where we are root."""
    return "nobody" if os.geteuid() == 0 else None


def _wait_ready(process: subprocess.Popen[bytes], server: Server) -> None:
    deadline = time.monotonic() + START_S
    while not server.is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            words = server.log.read_text(encoding="utf-8", errors="replace")
            raise CannotRun(f"{server.argv[0]} did not start:\n{words}")
        time.sleep(POLL_S)


def _stop(process: subprocess.Popen[bytes], server: Server) -> None:
    process.send_signal(server.stop_signal)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        send(process.pid, signal.SIGKILL)
        process.wait()
