"""Waiting for what another process does."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def wait_until(holds: Callable[[], object], *, within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """False for a zombie too: nobody may be left to reap it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    if not state.exists():
        return True
    return state.read_text().rpartition(")")[2].split()[0] != "Z"


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
