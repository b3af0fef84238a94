"""Runs `manage.py prepare`, which needs Django, in a child that ends again."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.supervisor.log_file import LogFile
from orchestrator_site.supervisor.options import ROOT, Options

POLL_S = 0.05
STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the person should read; the login only when it was just made."""

    notes: tuple[str, ...]
    login: tuple[str, str] | None


def prepare(
    options: Options, env: Mapping[str, str], guard: Guard, stop: Event
) -> Prepared | None:
    """Migrate and seed; None if `stop` was set before it was done.

    Raises: CannotRun with the child's own sentence, or with its last output.
    """
    log = LogFile(options.data_dir / "logs" / "prepare.log")
    command = [sys.executable, str(ROOT / "manage.py"), "prepare"]
    command += ["--host", options.host, *([] if options.demo else ["--no-demo"])]
    with open(log.open(), "wb") as errors:  # noqa: PTH123 - an open descriptor
        process = subprocess.Popen(
            command,
            env=env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    guard.watch(process.pid)
    finished = _wait(process, stop)
    guard.forget(process.pid)
    output = process.stdout.read() if process.stdout else b""
    return _read(output, log) if finished else None


def _wait(process: subprocess.Popen[bytes], stop: Event) -> bool:
    """Wait for the end of the process; False if it had to be stopped."""
    while process.poll() is None:
        if stop.wait(POLL_S):
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            return False
    return True


def _read(output: bytes, log: LogFile) -> Prepared:
    try:
        answer = json.loads(output)
    except ValueError as error:
        raise CannotRun(
            f"The database could not be prepared. The last output:\n{log.tail()}"
        ) from error
    if answer["problem"]:
        raise CannotRun(answer["problem"])
    login = answer["login"]
    return Prepared(tuple(answer["notes"]), tuple(login) if login else None)
