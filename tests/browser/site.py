"""The real web process on the test database."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tests.fixtures.stack import PATIENCE_S, database_url, wait_until

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"


@contextmanager
def running_site(log: Path) -> Iterator[str]:
    """Start uvicorn as `manage.py up` does; yield the site's address."""
    with log.open("wb") as output:
        process, port = _started(output)
        with process:
            try:
                wait_until(lambda: _answers(port), "the web process")
                yield f"http://{HOST}:{port}"
            except ConnectionError as problem:
                raise AssertionError(log.read_text(encoding="utf-8")) from problem
            finally:
                process.terminate()


def _started(output: BinaryIO) -> tuple[subprocess.Popen[bytes], int]:
    """The socket is handed over open, so no other process can take the port."""
    command = [sys.executable, "-m", "uvicorn", "orchestrator_site.asgi:application"]
    with socket.create_server((HOST, 0)) as listener:
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [*command, "--fd", str(descriptor), "--log-level", "warning"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url()},
            pass_fds=[descriptor],
            stdout=output,
            stderr=output,
        )
        return process, listener.getsockname()[1]


def _answers(port: int) -> bool:
    """Whether it does; the connection breaks when the process ends."""
    with socket.create_connection((HOST, port), timeout=PATIENCE_S) as probe:
        probe.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return probe.recv(12).startswith(b"HTTP/1")
