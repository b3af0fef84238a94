"""A PostgreSQL of one's own, so that it can be killed."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dj_database_url
import psycopg
from django.core.management import call_command
from django.db import connection

from orchestrator_site.testing.postgres import Postgres, prepare_postgres
from tests.fixtures.stack import wait_until


class Database:
    """A server that stops at once, whoever is connected, and starts again."""

    def __init__(self, postgres: Postgres) -> None:
        self._server, self.url = postgres
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._server.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._server.argv,
                stdout=log,
                stderr=log,
                user=self._server.user,
                cwd="/",
                start_new_session=True,
            )
        wait_until(self._answers, "a database that takes connections")

    def _answers(self) -> bool:
        """Whether it lets anybody in; its file may tell of an earlier life."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.url):
            return True
        return False

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Leave everything as it is, as `pg_ctl stop -m immediate` does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop it, whatever state it is in."""
        self.stop()

    def restart(self) -> None:
        self.stop()
        self.start()


@contextmanager
def own_database() -> Iterator[Database]:
    """Let everything that asks Django for its database have a new server's."""
    # Not below pytest's own folder, which the server's user may not enter.
    with tempfile.TemporaryDirectory(prefix="baton-faults-") as name:
        database = Database(prepare_postgres(Path(name)))
        given, before = connection.settings_dict, dict(connection.settings_dict)
        try:
            database.start()
            connection.close()
            given.update(dj_database_url.parse(database.url))
            call_command("migrate", verbosity=0)
            yield database
        finally:
            connection.close()
            given.update(before)
            database.stop()
