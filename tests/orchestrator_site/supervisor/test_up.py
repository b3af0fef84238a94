"""The whole stack, as a person starts and stops it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from orchestrator_site import runtime
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.supervisor.valkey import free_port
from tests.orchestrator_site.supervisor.waiting import is_alive, wait_until

READY_S = 180.0


class Stack:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.data_dir = folder / "data"
        self.output = folder / "output"
        self.process = self.start("--no-demo")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        env = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        }
        command = [sys.executable, "manage.py", "up", "--port", str(self.port), *words]
        with self.output.open("ab") as output:
            return subprocess.Popen(
                [*command, "--data-dir", str(self.data_dir)],
                cwd=ROOT,
                env=env,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_ready(self) -> None:
        wait_until(
            lambda: "is ready" in self.said() or self.process.poll() is not None,
            within_s=READY_S,
        )
        assert "is ready" in self.said(), self.said()

    def healthz(self) -> dict[str, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz") as answer:
            return json.load(answer)

    def members(self) -> list[int]:
        """Processes below this one, the guard included, on Linux."""
        listing = subprocess.check_output(["ps", "-eo", "pid=,ppid="], text=True)
        pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
        return [pid for pid, parent in pairs if parent == self.process.pid]


@pytest.fixture
def stack(tmp_path):
    stack = Stack(tmp_path)
    stack.wait_ready()
    yield stack
    if stack.process.poll() is None:
        stack.process.kill()
        stack.process.wait()


def test_stack_starts_refuses_a_twin_and_leaves_nothing_behind(stack):
    assert stack.healthz() == {"status": "ok"}
    assert "First login, shown this once:  owner@" in stack.said()
    assert_twin_is_refused(stack)
    assert_killed_stack_starts_again_at_once(stack)
    members = stack.members()
    assert len(members) == 4
    stack.process.send_signal(signal.SIGTERM)
    assert stack.process.wait(60) == 0
    wait_until(lambda: not any(map(is_alive, members)))
    assert runtime.read(stack.data_dir) == {}


def assert_twin_is_refused(stack):
    assert stack.start().wait(READY_S) == 1
    assert (
        f"process {stack.process.pid} at http://127.0.0.1:{stack.port}/" in stack.said()
    )


def assert_killed_stack_starts_again_at_once(stack):
    members = stack.members()
    stack.process.kill()
    stack.process.wait()
    stack.output.write_text("")
    stack.process = stack.start()
    stack.wait_ready()
    assert "Log in as before" in stack.said()
    assert not any(map(is_alive, members))
