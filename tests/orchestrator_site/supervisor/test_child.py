import os
import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from orchestrator_site.supervisor.child import Child, Patience, Program
from orchestrator_site.supervisor.errors import ChildKeepsDying
from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.supervisor.log_file import LogFile
from tests.orchestrator_site.supervisor.waiting import is_alive, lines, wait_until

PATIENCE = Patience(first_delay_s=0.05, longest_delay_s=0.1, fast_deaths=4, stop_s=0.3)


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard()
    yield guard
    guard.close()


def make_child(
    tmp_path: Path, guard: Guard, command: str, *, patience: Patience = PATIENCE
) -> Child:
    program = Program("sample", ["/bin/sh", "-c", command], os.environ, tmp_path)
    return Child(program, LogFile(tmp_path / "sample.log"), guard, patience)


def tend(child: Child) -> bool:
    child.tend()
    return False


def test_dead_child_starts_again(tmp_path, guard):
    child = make_child(tmp_path, guard, "sleep 60")
    child.start()
    first = child.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: tend(child) or child.pid not in {first, None})
    child.ask_to_stop()
    child.wait_stopped(time.monotonic() + 30)
    assert not is_alive(first)


def test_delay_doubles_up_to_the_longest_and_ends_in_giving_up(tmp_path, guard):
    child = make_child(tmp_path, guard, "date +%s%N >> starts; echo it broke; exit 3")
    child.start()
    with pytest.raises(ChildKeepsDying, match=r"(?s)sample.*exit code 3.*it broke"):
        wait_until(lambda: tend(child))
    starts = [int(line) for line in lines(tmp_path / "starts")]
    gaps_s = [(later - earlier) / 1e9 for earlier, later in pairwise(starts)]
    assert len(starts) == PATIENCE.fast_deaths
    assert all(
        gap >= least for gap, least in zip(gaps_s, (0.05, 0.1, 0.1), strict=True)
    )


def test_long_life_clears_the_count_of_fast_deaths(tmp_path, guard):
    patience = Patience(first_delay_s=0.01, fast_death_s=0.0, fast_deaths=2)
    command = "echo x >> starts; exit 1"
    child = make_child(tmp_path, guard, command, patience=patience)
    child.start()
    wait_until(lambda: tend(child) or len(lines(tmp_path / "starts")) > 3)
    child.wait_stopped(time.monotonic() + 30)


def test_child_that_ignores_sigterm_is_killed_with_what_it_started(tmp_path, guard):
    command = "trap '' TERM; sleep 60 & echo $! > pid; while :; do wait; done"
    child = make_child(tmp_path, guard, command)
    child.start()
    wait_until(lambda: lines(tmp_path / "pid"))
    pids = [child.pid, int(lines(tmp_path / "pid")[0])]
    child.ask_to_stop()
    child.wait_stopped(time.monotonic() + PATIENCE.stop_s)
    wait_until(lambda: not any(map(is_alive, pids)))


def test_what_a_dead_child_leaves_behind_ends(tmp_path, guard):
    child = make_child(tmp_path, guard, "sleep 60 & echo $! > pid; exit 1")
    child.start()
    wait_until(lambda: lines(tmp_path / "pid"))
    orphan = int(lines(tmp_path / "pid")[0])
    wait_until(lambda: tend(child) or not is_alive(orphan))
    child.wait_stopped(time.monotonic())


def test_child_ends_orderly_when_asked(tmp_path, guard):
    command = "trap 'echo bye > said; exit 0' TERM; echo > ready; while :; do sleep 0.02; done"
    child = make_child(tmp_path, guard, command)
    child.start()
    wait_until(lambda: lines(tmp_path / "ready"))
    child.ask_to_stop()
    child.wait_stopped(time.monotonic() + 30)
    assert lines(tmp_path / "said") == ["bye"]
