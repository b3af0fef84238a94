"""Worker processes for fault tests, forked from one process that has loaded all code.

Run as a program this is the process that forks: it reads an order a line and answers
with a line. What it forks is a real worker that is there in milliseconds: the conductor
in a process of its own, or with `broker` a whole Celery worker that listens there; with `web` the web process, at
that port.

    {"start": {faults}, "log": path, "allow": [origins], "broker": url or null,
     "database": url or null, "web": port or null}     the new process's id
    {"signal": number, "pid": pid}    whether it was still there
    {"poll": pid}                     its exit code, or null while it lives
"""

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import dj_database_url
import django
from django.conf import settings
from django.db import connection


class Nursery:
    """The children of this process; none is forgotten before it has been waited for."""

    def __init__(self) -> None:
        self._exits: dict[int, int | None] = {}

    def obey(self, order: dict[str, Any]) -> Any:
        match order:
            case {"start": _}:
                return self._start(order)
            case {"signal": number, "pid": pid}:
                return self._signal(pid, number)
            case {"poll": pid}:
                return self._poll(pid)
        raise ValueError(order)

    def end(self) -> None:
        """Leave nobody behind."""
        for pid in self._exits:
            self._signal(pid, signal.SIGKILL)

    def _start(self, order: dict[str, Any]) -> int:
        pid = os.fork()
        if pid == 0:
            _live(order)
        self._exits[pid] = None
        return pid

    def _signal(self, pid: int, number: int) -> bool:
        if self._poll(pid) is not None:
            return False
        os.kill(pid, number)
        if number == signal.SIGSTOP:
            os.waitpid(pid, os.WUNTRACED)  # it takes a moment to stop
        return True

    def _poll(self, pid: int) -> int | None:
        if self._exits[pid] is None:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self._exits[pid] = os.waitstatus_to_exitcode(status)
        return self._exits[pid]


def _live(order: dict[str, Any]) -> None:
    """Be a worker until SIGTERM; never returns to the nursery's loop."""
    code = 1
    try:
        with Path(order["log"]).open("ab", buffering=0) as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        os.close(0)
        settings.BATON_EGRESS_ALLOW = tuple(order["allow"])
        if order["database"]:
            found = dj_database_url.parse(order["database"])
            connection.settings_dict.update(found)
        planting = import_module("tests.faults.planting")
        planting.plant(planting.Faults(**order["start"]))
        if order["web"]:
            _serve_web(order["web"])
        elif order["broker"]:
            _serve_celery(order["broker"])
        else:
            _conduct()
        code = 0
    finally:
        os._exit(code)


def _conduct() -> None:
    """What a worker does apart from listening to its broker."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    process = import_module("flows.conductor.process")
    process.start()
    told.wait()
    process.stop()


def _serve_celery(broker: str) -> None:
    """Be the worker that `up` starts; Celery reads the settings when it is first used."""
    settings.CELERY_BROKER_URL = broker
    app = import_module("orchestrator_site.celery").app
    name = f"worker-{os.getpid()}@%h"
    with suppress(SystemExit):
        app.worker_main(["worker", "-P", "threads", "-c", "2", "-n", name])


def _serve_web(port: int) -> None:
    """Be the web process that `up` starts."""
    run = import_module("uvicorn").run
    run(
        "orchestrator_site.asgi:application",
        port=port,
        lifespan="off",
        access_log=False,
        log_level="warning",
        ws_max_size=65_536,
    )


def main() -> None:
    django.setup()
    import_module("tests.faults.planting")
    import_module("orchestrator_site.celery")
    import_module("celery.bin.worker")
    import_module("orchestrator_site.egress.client")
    import_module("orchestrator_site.asgi")
    import_module("uvicorn")
    nursery = Nursery()
    try:
        for line in sys.stdin:
            answer = nursery.obey(json.loads(line))
            sys.stdout.write(f"{json.dumps(answer)}\n")
            sys.stdout.flush()
    finally:
        nursery.end()


if __name__ == "__main__":
    main()
