"""The output of one child, bounded."""

import os
import shutil
from pathlib import Path

MAX_BYTES = 10_000_000
TAIL_LINES = 20
TAIL_BYTES = 16_000


class LogFile:
    """One file and one older generation of it beside, ending in `.1`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._older = path.with_name(f"{path.name}.1")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            path.replace(self._older)

    def open(self) -> int:
        """Open for appending, so that it can be cut while a child writes to it."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        return os.open(self.path, flags, 0o600)

    def bound(self) -> None:
        """Move what is there to the older generation once it is too much."""
        if self.path.exists() and self.path.stat().st_size > MAX_BYTES:
            shutil.copyfile(self.path, self._older)
            os.truncate(self.path, 0)

    def tail(self) -> str:
        """The last lines, for a person who wants to know why a child ended."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - TAIL_BYTES))
            lines = file.read().decode("utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:])
