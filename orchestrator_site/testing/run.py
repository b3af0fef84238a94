"""`manage.py test`: lint, types, contracts, then the suite on both databases."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.testing import checks
from orchestrator_site.testing.servers import server_environment

DATABASES = ("postgresql", "sqlite")
STOP_S = 30.0
SETTINGS = "orchestrator_site.settings.test"


class Terminated(KeyboardInterrupt):
    """SIGTERM came."""


@dataclass(frozen=True, slots=True)
class Part:
    """One command of the run and the database on which it runs."""

    name: str
    command: Sequence[str]
    database: str = "postgresql"


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    code: int
    seconds: float


def main(argv: Sequence[str]) -> int:
    """Run everything, or pytest alone with the given arguments."""
    signal.signal(signal.SIGTERM, _raise_terminated)
    parser = argparse.ArgumentParser(
        prog="manage.py test",
        description="Run every check and the suite; with arguments, pytest alone.",
    )
    parser.add_argument("--database", choices=DATABASES, help="for pytest alone")
    given, rest = parser.parse_known_args(argv)
    parts = _all_parts()
    if rest or given.database:
        parts = [_pytest(given.database or "postgresql", *rest)]
    try:
        with server_environment() as servers:
            results = [_run(part, servers) for part in parts]
    except CannotRun as problem:
        print(problem)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
        return 130
    if len(results) > 1:
        _summarise(results)
    return max(result.code for result in results)


def _all_parts() -> list[Part]:
    read = [Part(name, command) for name, command in checks.commands().items()]
    on_server = ("-m", "not browser")
    on_file = ("-m", "both_databases or browser")
    return [*read, _pytest("postgresql", *on_server), _pytest("sqlite", *on_file)]


def _pytest(database: str, *words: str) -> Part:
    command = [sys.executable, "-m", "pytest", *words]
    return Part(f"tests on {database}", command, database)


def _run(part: Part, servers: Mapping[str, str]) -> Result:
    env = {**os.environ, **servers, "DJANGO_SETTINGS_MODULE": SETTINGS}
    if part.database == "sqlite":
        env.pop("DATABASE_URL_FILE", None)
        env["DATABASE_URL"] = f"sqlite:///{env['BATON_DATA_DIR']}/baton.sqlite3"
    print(f"== {part.name}", flush=True)
    began = time.monotonic()
    code = _wait(subprocess.Popen(part.command, cwd=ROOT, env=env))
    return Result(part.name, abs(code), time.monotonic() - began)


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end; an interrupted command gets the time to stop what it started.

    Ctrl-C reaches it from the terminal, SIGTERM only through us.
    """
    try:
        return process.wait()
    except KeyboardInterrupt as interruption:
        if isinstance(interruption, Terminated):
            process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def _raise_terminated(*_: object) -> None:
    raise Terminated


def _summarise(results: Sequence[Result]) -> None:
    print("== summary")
    for result in results:
        verdict = "failed" if result.code else "ok"
        print(f"{verdict:8}{result.name:24}{result.seconds:7.1f} s")
