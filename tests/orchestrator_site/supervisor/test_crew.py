import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.supervisor.options import ROOT
from tests.orchestrator_site.supervisor.waiting import is_alive, lines, wait_until

SCRIPT = "tests.orchestrator_site.supervisor.fake_supervisor"
WAIT = "while :; do sleep 0.02; done"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    commands = [
        f"echo $$ > pid-{n}; trap 'echo {n} >> stops; exit 0' TERM; {WAIT}"
        for n in "012"
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", SCRIPT, str(tmp_path), *commands], cwd=ROOT
    )
    wait_until((tmp_path / "started").exists)
    wait_until(lambda: all(lines(tmp_path / f"pid-{n}") for n in "012"))
    yield process
    process.kill()
    process.wait()


def pids(folder: Path) -> list[int]:
    return [int(lines(folder / f"pid-{n}")[0]) for n in "012"]


def test_sigterm_leaves_nothing_behind_and_stops_the_first_last(supervisor, tmp_path):
    supervisor.terminate()
    assert supervisor.wait(60) == 0
    wait_until(lambda: not any(map(is_alive, pids(tmp_path))))
    assert lines(tmp_path / "stops")[-1] == "0"


def test_children_end_when_the_supervisor_is_killed(supervisor, tmp_path):
    supervisor.kill()
    wait_until(lambda: not any(map(is_alive, pids(tmp_path))))


def test_child_killed_under_the_supervisor_comes_back(supervisor, tmp_path):
    before = pids(tmp_path)
    os.kill(before[1], signal.SIGKILL)
    wait_until(lambda: lines(tmp_path / "pid-1") != [str(before[1])])
    assert [pids(tmp_path)[0], pids(tmp_path)[2]] == [before[0], before[2]]


def test_killed_guard_is_replaced_and_knows_the_children():
    (first, sleeper), (second, other) = make_group(), make_group()
    guard = Guard()
    guard.watch(first)
    os.kill(guard.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(guard.pid))
    guard.watch(second)
    guard.close()
    wait_until(lambda: not any(map(is_alive, (sleeper, other))))


def make_group() -> tuple[int, int]:
    """Start a process group whose leader has gone; returns the group and who is left."""
    leader = subprocess.run(
        ["/bin/sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $$ $!"],
        capture_output=True,
        check=True,
        start_new_session=True,
    )
    group, sleeper = leader.stdout.split()
    return int(group), int(sleeper)
