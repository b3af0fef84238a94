"""`manage.py test`: lint, types, contracts, then the suite on both databases."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.testing import checks, mutation
from orchestrator_site.testing.servers import server_environment

DATABASES = ("postgresql", "sqlite")
STOP_S = 30.0
SETTINGS = "orchestrator_site.settings.test"
FULL_SIZE = "tests/faults/full_size.py"
# More than this does not fail by chance.
MOST_UNSTEADY = 5
UNLIMITED = ("-o", "faulthandler_timeout=0")
WAITING = (
    "tests/flows/conductor",
    "tests/flows/rules",
    "tests/flows/patterns",
    "tests/faults",
)


class Terminated(KeyboardInterrupt):
    """SIGTERM came."""


@dataclass(frozen=True, slots=True)
class Part:
    """One command of the run and the database on which it runs."""

    name: str
    command: Sequence[str]
    database: str = "postgresql"

    @property
    def cache(self) -> Path:
        """Where its pytest notes what failed; parts that run at once must not share it."""
        return Path(ROOT, ".pytest_cache", self.name.replace(" ", "-"))


@dataclass(frozen=True, slots=True)
class Result:
    """`unsteady` are the tests that failed beside others and passed alone."""

    name: str
    code: int
    seconds: float
    unsteady: Sequence[str] = ()


def main(argv: Sequence[str]) -> int:
    """Run everything, or what was asked for: pytest alone, the faults, the mutants."""
    signal.signal(signal.SIGTERM, _raise_terminated)
    parser = argparse.ArgumentParser(
        prog="manage.py test",
        description="Run every check and the suite; with arguments, pytest alone.",
    )
    parser.add_argument("--database", choices=DATABASES, help="for pytest alone")
    parser.add_argument(
        "--faults",
        action="store_true",
        help="kill, freeze and cut at full size; takes some hours",
    )
    parser.add_argument(
        "--mutants",
        action="store_true",
        help="plant bugs one at a time and see that tests fail; with names, only those",
    )
    given, rest = parser.parse_known_args(argv)
    try:
        if given.mutants:
            return mutation.main(rest)
        if given.faults:
            return _finish(_run_faults(given.database, rest))
        if rest or given.database:
            suite = pytest_part(given.database or "postgresql", *rest)
            with _servers(suite) as env:
                return _run(suite, env).code
        return _finish(_run_everything())
    except CannotRun as problem:
        print(problem)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
        return 130


def _finish(results: Sequence[Result]) -> int:
    _summarise(results)
    return max(result.code for result in results)


def _run_faults(database: str | None, words: Sequence[str]) -> list[Result]:
    """Run the fault tests at full size, on one database after the other."""
    results = []
    for name in (database,) if database else DATABASES:
        part = pytest_part(name, FULL_SIZE, "-v", "--durations=0", *UNLIMITED, *words)
        with _servers(part) as env:
            results.append(_run(part, env))
    return results


def _run_checks() -> list[Result]:
    with server_environment(with_postgres=False) as env:
        return [
            _run(Part(name, command, "sqlite"), env)
            for name, command in checks.commands().items()
        ]


def _run_everything() -> list[Result]:
    """Run the checks, then the suite's first part; the other parts beside both.

    Each has servers of its own. What the others print is shown after the first has ended.
    """
    suites = _suites()
    for part in suites:
        shutil.rmtree(part.cache, ignore_errors=True)
    first, *rest = suites
    with ExitStack() as open_:
        beside = [open_.enter_context(_running(part)) for part in rest]
        checked = _run_checks()
        env = open_.enter_context(_servers(first))
        results = [_run(first, env)]
        results += [each.result() for each in beside]
    return [*checked, *map(look_again, suites, results)]


def look_again(part: Part, result: Result) -> Result:
    """Run the few tests that failed once more, alone. Source: ADR 0022."""
    failed = _failed_tests(part) if result.code else []
    if not 0 < len(failed) <= MOST_UNSTEADY:
        return result
    again = replace(part, name=f"{part.name}, again", command=[*part.command, "--lf"])
    with _servers(again) as env:
        is_unsteady = _run(again, env).code == 0
    return replace(result, code=0, unsteady=failed) if is_unsteady else result


def _failed_tests(part: Part) -> list[str]:
    """What pytest has noted; nothing, if it did not come to its end."""
    noted = part.cache / "v/cache/lastfailed"
    return list(json.loads(noted.read_bytes())) if noted.exists() else []


def _suites() -> list[Part]:
    """The suite: what talks to workers or to a browser apart, since it waits a lot."""
    waiting = [word for place in WAITING for word in ("--ignore", place)]
    without, browser = ("-m", "not browser"), "tests/browser"
    both = "both_databases and not browser"
    return [
        pytest_part("postgresql", *without, *waiting),
        pytest_part("postgresql", *without, *WAITING, name="workers on"),
        pytest_part("sqlite", "-m", both),
        pytest_part("sqlite", "-m", "browser", browser, name="browser on"),
    ]


@contextmanager
def _running(part: Part) -> Iterator["Beside"]:
    """Run a part beside others; ended if nobody waits for it any more."""
    with _servers(part) as env, tempfile.TemporaryFile() as output:
        process = _start(part, env, output)
        try:
            yield Beside(part, process, output)
        finally:
            _end(process)


@dataclass(frozen=True, slots=True)
class Beside:
    """A part under way, whose output is kept until its end."""

    part: Part
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    began: float = field(default_factory=time.monotonic)

    def result(self) -> Result:
        """Wait for the end and show what the part has printed."""
        code = _wait(self.process)
        seconds = time.monotonic() - self.began
        print(f"== {self.part.name}", flush=True)
        self.output.seek(0)
        shutil.copyfileobj(self.output, sys.stdout.buffer)
        sys.stdout.flush()
        return Result(self.part.name, abs(code), seconds)


def _servers(part: Part) -> AbstractContextManager[dict[str, str]]:
    return server_environment(with_postgres=part.database == "postgresql")


def pytest_part(database: str, *words: str, name: str = "tests on") -> Part:
    part = Part(f"{name} {database}", [], database)
    notes = ("-o", f"cache_dir={part.cache}")
    return replace(part, command=[sys.executable, "-m", "pytest", *notes, *words])


def _run(part: Part, env: Mapping[str, str]) -> Result:
    print(f"== {part.name}", flush=True)
    began = time.monotonic()
    code = _wait(_start(part, env))
    return Result(part.name, abs(code), time.monotonic() - began)


def _start(
    part: Part, servers: Mapping[str, str], output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    env = {**os.environ, **servers, "DJANGO_SETTINGS_MODULE": SETTINGS}
    if part.database == "sqlite":
        env.pop("DATABASE_URL_FILE", None)
        env["DATABASE_URL"] = f"sqlite:///{env['BATON_DATA_DIR']}/baton.sqlite3"
    return subprocess.Popen(
        part.command, cwd=ROOT, env=env, stdout=output, stderr=output
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command that nobody waits for any more."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()


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
        verdict = "failed" if result.code else "unsteady" if result.unsteady else "ok"
        print(f"{verdict:10}{result.name:24}{result.seconds:7.1f} s")
        for test in result.unsteady:
            print(f"  failed beside others, passed alone: {test}")
