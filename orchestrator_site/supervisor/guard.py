"""A second pair of eyes: ends the children when the supervisor cannot.

The supervisor holds the other end of this process's standard input and writes `+pid`
and `-pid` lines to it. However the supervisor ends, `kill -9` included, the input ends
too, and whatever is still on the list is stopped. This works on Linux and on macOS,
which lacks a death signal for children.

The file is run as a script without site packages, so it imports the standard library
only; the class at its end is the supervisor's side.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

GRACE_S = 3.0
POLL_S = 0.05


class Guard:
    """The supervisor's side: starts the guard again where that one was killed."""

    def __init__(self) -> None:
        self._pids: set[int] = set()
        self._process = self._start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def watch(self, pid: int) -> None:
        """End this process group once the supervisor is gone."""
        self._pids.add(pid)
        self._tell(f"+{pid}\n")

    def forget(self, pid: int) -> None:
        """The process has ended."""
        self._pids.discard(pid)
        self._tell(f"-{pid}\n")

    def close(self) -> None:
        """Let the guard end; it stops what is still on its list."""
        with suppress(BrokenPipeError):
            self._process.communicate()

    def _tell(self, text: str) -> None:
        try:
            self._write(text)
        except BrokenPipeError:
            self.close()
            self._process = self._start()
            self._write("".join(f"+{pid}\n" for pid in self._pids))

    def _write(self, text: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(text.encode("ascii"))
            self._process.stdin.flush()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )


def guard_until_input_ends() -> None:
    """Follow the list; when it ends, stop every group that is still on it."""
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line[0] == "+" else groups.discard
        change(int(line[1:]))
    stop_groups(groups)


def stop_groups(groups: set[int]) -> None:
    """Ask each process group to end, then end it."""
    deadline = time.monotonic() + GRACE_S
    alive = {group for group in groups if send(group, signal.SIGTERM)}
    while alive and time.monotonic() < deadline:
        time.sleep(POLL_S)
        alive = {group for group in alive if send(group, 0)}
    for group in alive:
        send(group, signal.SIGKILL)


def send(group: int, number: int) -> bool:
    """Signal a whole process group; False if nothing of it is left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group of zombies
        return False
    return True


if __name__ == "__main__":
    guard_until_input_ends()
