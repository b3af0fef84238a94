"""The data folder: who may read it, who runs on it, what a running stack tells."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestrator_site import runtime
from orchestrator_site.supervisor.errors import AlreadyRunning, CannotRun

LOCK_FILE = "up.lock"


def make_private(folder: Path) -> None:
    """Make the folder where it is missing, and its owner's alone either way."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise CannotRun(
            f"The data folder {folder} cannot be used: {error.strerror}. "
            "Choose another one with --data-dir or BATON_DATA_DIR."
        ) from error


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder for one stack; the lock ends with the process.

    Raises: AlreadyRunning, with what the holder told about itself.
    """
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        facts = runtime.read(folder)
        pid, address = facts.get("pid", "unknown"), facts.get("address", "unknown")
        raise AlreadyRunning(str(folder), pid, address) from error
    else:
        yield
    finally:
        os.close(handle)


@contextmanager
def announced(folder: Path, facts: Mapping[str, object]) -> Iterator[None]:
    """Tell the other commands on this folder about the stack while it runs."""
    write_private(folder / runtime.FILE, json.dumps(facts))
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            (folder / runtime.FILE).unlink()


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read, never half written."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
