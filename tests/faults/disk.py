"""A disk of one's own: it may be full, and it may lose what nobody asked it to keep.

An ext4 file system in a file. Its power goes by the shutdown that the kernel has for the
tests of file systems: what was not synced is dropped, and nothing is written any more.
Only root may mount one.
"""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import dj_database_url
from django.core.management import call_command
from django.db import connection

from orchestrator_site.testing.postgres import prepare_postgres
from tests.faults.crew import Crew, nursery
from tests.faults.database import Database
from tests.fixtures.stack import wait_until

# From linux/fs.h and ext4.h: _IOR('X', 125, __u32), and not to flush the journal first.
SHUTDOWN = 0x8004587D
WITHOUT_FLUSH = (2).to_bytes(4, "little")
BLOCK = 4096
# Everything that is said to be stored is; small segments, so that a full disk shows.
DURABLE = (
    "listen_addresses=",
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "max_connections=100",
    "max_wal_size=64MB",
    "min_wal_size=32MB",
)


class CannotMount(Exception):
    """Only root may mount a disk, and only with ext4 at hand."""


class Disk:
    """A file system of so many megabytes at `path`."""

    def __init__(self, folder: Path, size_mb: int) -> None:
        self._image, self.path = folder / "disk.img", folder / "disk"
        self._ballast = self.path / "ballast"
        self.path.mkdir()
        with self._image.open("wb") as image:
            image.truncate(size_mb * 2**20)
        _run("mkfs.ext4", "-q", "-F", "-m", "0", str(self._image))
        self.mount()

    def mount(self) -> None:
        # Nothing is written because time passes: only what is synced is kept.
        options = "loop,commit=300,noatime"
        _run("mount", "-o", options, str(self._image), str(self.path))
        self.path.chmod(0o711)

    def unmount(self) -> None:
        """Wait until nobody uses it, and take it away."""
        wait_until(self._is_unmounted, "a disk that nobody uses")

    def sync(self) -> None:
        """Keep everything that is there now."""
        _run("sync", "-f", str(self.path))

    def fill(self) -> None:
        """Leave no block free."""
        with self._ballast.open("wb", buffering=0) as ballast:
            while _has_written(ballast.fileno(), bytes(64 * BLOCK)):
                pass
            while _has_written(ballast.fileno(), bytes(BLOCK)):
                pass
            _has_synced(ballast.fileno())

    def free(self) -> None:
        self._ballast.unlink()

    def lose_power(self) -> None:
        """Drop what was not synced; whoever writes from now on fails."""
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_FLUSH)
        finally:
            os.close(descriptor)

    def _is_unmounted(self) -> bool:
        done = subprocess.run(
            ["umount", str(self.path)], capture_output=True, check=False
        )
        return done.returncode == 0 or not self.path.is_mount()


def _has_written(descriptor: int, data: bytes) -> bool:
    try:
        return os.write(descriptor, data) > 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False


def _has_synced(descriptor: int) -> bool:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
    return True


def _run(*command: str) -> None:
    if shutil.which(command[0]) is None:
        raise CannotMount(f"{command[0]} is not there")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotMount(f"{' '.join(command)}: {done.stderr}")


class Stand(NamedTuple):
    """Workers and their database on a disk of its own; `server` is PostgreSQL's."""

    disk: Disk
    crew: Crew
    server: Database | None

    def lose_power(self) -> None:
        """All processes end with the disk; then all of it comes back."""
        connection.close()
        self.disk.lose_power()
        for worker in self.crew.workers:
            worker.kill()
        if self.server is not None:
            self.server.stop(signal.SIGKILL)
        self.disk.unmount()
        self.disk.mount()
        self.bring_back()

    def bring_back(self) -> None:
        """Start the server again if it has ended."""
        connection.close()
        if self.server is not None and not self.server.is_alive:
            self.server.start()


@contextmanager
def own_stand(folder: Path, size_mb: int = 512) -> Iterator[Stand]:
    """Let everything that asks Django for its database have one on a disk of its own.

    Raises: CannotMount.
    """
    given, before = connection.settings_dict, dict(connection.settings_dict)
    with ExitStack() as stack:
        # Not below pytest's own folder, which the server's user may not enter.
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-disk-"))
        Path(name).chmod(0o711)
        disk = Disk(Path(name), size_mb)
        stack.callback(disk.unmount)
        url, server = _database_on(disk)
        stack.callback(given.update, before)
        stack.callback(connection.close)
        if server is not None:
            stack.enter_context(closing(server))
            server.start()
        connection.close()
        given.update(dj_database_url.parse(url))
        call_command("migrate", verbosity=0)
        disk.sync()
        crew = Crew(stack.enter_context(nursery()), folder)
        stack.callback(crew.kill_all)
        yield Stand(disk, crew, server)


def _database_on(disk: Disk) -> tuple[str, Database | None]:
    if connection.vendor == "sqlite":
        return f"sqlite:///{disk.path}/baton.sqlite3", None
    postgres = prepare_postgres(disk.path, DURABLE)
    return postgres.url, Database(postgres)
