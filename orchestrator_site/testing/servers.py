"""Real servers for the tests: given ones, else from packages, else the system's.

They are started once and stopped whatever happens; a guard ends them when the process
that started them is killed. Where none can be had the tests fail and say so.
"""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.supervisor.programs import is_given
from orchestrator_site.supervisor.valkey import Valkey, prepare_valkey
from orchestrator_site.testing.postgres import running_postgres
from orchestrator_site.testing.server_process import Server, running


@contextmanager
def server_environment(*, with_postgres: bool = True) -> Iterator[dict[str, str]]:
    """Start what the environment does not name; yield the variables that name it."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-test-"))
        guard = stack.enter_context(closing(Guard()))
        folder = Path(name)
        env = {"BATON_DATA_DIR": str(folder / "data")}
        if not is_given("REDIS_URL"):
            valkey = prepare_valkey(folder)
            server = Server(valkey.argv, folder / "valkey.log", Listening(valkey))
            stack.enter_context(running(server, guard))
            env["REDIS_URL"] = valkey.url
        if with_postgres and not is_given("DATABASE_URL"):
            url = stack.enter_context(running_postgres(folder, guard))
            env["DATABASE_URL"] = url
        yield env


class Listening:
    """Whether a Valkey takes connections."""

    def __init__(self, valkey: Valkey) -> None:
        self._port = valkey.port

    def __call__(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
