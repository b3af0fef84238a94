"""Runs over HTTP: a request that waits for its run, beside one that asks for nothing."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.supervisor.valkey import free_port
from tests.bench.documents import chain
from tests.bench.figures import Figure, answer, cpu_s, figure, timed
from tests.bench.stack import environment, workers
from tests.factories.accounts import make_token
from tests.factories.models import make_model_version

HOST, ROUNDS, WARM_UP = "127.0.0.1", 60, 10


class Caller:
    """One client on one connection that stays open."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection(HOST, port)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }

    def ask(self, method: str, path: str, body: object = None) -> dict:
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, text, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {content!r}")
        return json.loads(content)


@contextmanager
def web() -> Iterator[tuple[int, int]]:
    """The web process as `up` starts it; yields its port and its id."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "orchestrator_site.asgi:application"]
    command += ["--host", HOST, "--port", str(port), "--lifespan", "off"]
    command += ["--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment())
    try:
        while not _answers(port):
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def measure() -> None:
    flow = chain("committed")
    workspace = flow.workspace
    settings = {"entry_point": "echo"}
    make_model_version(
        workspace=workspace, model="computes", runs="cpu", settings=settings
    )
    # A model that computes has its run handed to a worker, which then drives it to its end.
    computing = chain("committed", workspace=workspace, first="computes")
    express = chain("pure", 3, workspace=workspace, settings={"durability": "express"})
    _, token = make_token(workspace=workspace)
    with web() as (port, web_pid), workers(1):
        caller = Caller(port, token)
        start = {"input": {"n": 1}, "wait": 30}

        def run(slug: str) -> None:
            made = caller.ask("POST", "/api/v1/runs", {"flow": slug, **start})
            if made["status"] != "completed":
                raise RuntimeError(f"{slug}: {made['status']} {made['error']}")

        measured = {
            "API call for nothing": lambda: caller.ask(
                "GET", "/api/v1/runs?limit=1&status=paused"
            ),
            "API W1, by the web process": lambda: run(flow.slug),
            "API express of 3 nodes": lambda: run(express.slug),
            "API W1, by a worker": lambda: run(computing.slug),
        }
        for what, call in measured.items():
            answer([_measured(what, call, web_pid)])


def _measured(what: str, call: Callable[[], object], web_pid: int) -> Figure:
    """Milliseconds a call, with what it takes of the web process's processor."""
    for _ in range(WARM_UP):
        call()
    before = cpu_s(web_pid)
    values = [timed(call) * 1000 for _ in range(ROUNDS)]
    spent_ms = (cpu_s(web_pid) - before) * 1000 / ROUNDS
    note = f"CPU {spent_ms:.2f} ms of the web process"
    return figure("Baton", what, values, "ms", note=note)
