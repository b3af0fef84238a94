"""A worker's death certificate: a lock that the kernel frees when the process dies.

So a killed worker's runs are free at once, while its lease would last another 15 s.
"""

import fcntl
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import psycopg

if TYPE_CHECKING:
    from io import TextIOWrapper


class DeathCertificate(Protocol):
    """The lock of one worker."""

    def hold(self) -> None:
        """Take the lock, for as long as this process and connection live."""

    def is_issued(self) -> bool:
        """Whether nobody holds the lock, so that its worker is dead."""

    def drop(self) -> None:
        """Let go, at the end of an orderly life or after a burial."""


class AdvisoryLock:
    """A session lock of PostgreSQL, freed with its connection."""

    def __init__(self, connection: psycopg.Connection[Any], worker_id: UUID) -> None:
        self._connection = connection
        self._key = int.from_bytes(worker_id.bytes[8:], "big", signed=True)

    def hold(self) -> None:
        self._connection.execute("SELECT pg_advisory_lock(%s)", (self._key,))

    def is_issued(self) -> bool:
        row = self._connection.execute(
            "SELECT pg_try_advisory_lock(%s)", (self._key,)
        ).fetchone()
        free = bool(row and row[0])
        if free:
            self.drop()
        return free

    def drop(self) -> None:
        self._connection.execute("SELECT pg_advisory_unlock(%s)", (self._key,))


class FileLock:
    """A locked file beside the SQLite database, freed with its process."""

    def __init__(self, database: str, worker_id: UUID) -> None:
        self._path = Path(f"{database}.workers") / worker_id.hex
        self._file: TextIOWrapper | None = None

    def hold(self) -> None:
        self._path.parent.mkdir(exist_ok=True)
        self._file = self._path.open("w", encoding="ascii")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def is_issued(self) -> bool:
        try:
            with self._path.open("r+", encoding="ascii") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return True
        except BlockingIOError:
            return False
        return True

    def drop(self) -> None:
        self._path.unlink(missing_ok=True)
        if self._file:
            self._file.close()
