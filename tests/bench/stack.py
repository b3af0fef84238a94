"""The servers of one benchmark, and workers on them as `up` starts them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from orchestrator_site.supervisor.guard import Guard
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.supervisor.valkey import prepare_valkey
from orchestrator_site.testing.postgres import running_postgres
from orchestrator_site.testing.server_process import Server, running
from orchestrator_site.testing.servers import Listening
from tests.bench.figures import SERVERS

DURABLE = (
    "listen_addresses=",
    "synchronous_commit=on",
    "fsync=on",
    "shared_buffers=512MB",
    "max_connections=100",
)
MODELS = Path(__file__).parent / "models_site"
WORKER = "BATON_BENCH_THREADS"
# What the database calls the connections of these processes.
NAME = "baton"


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """A PostgreSQL that waits for its disk, and a Valkey; yields who finds them how."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-"))
        folder = Path(name)
        guard = stack.enter_context(closing(Guard()))
        valkey = prepare_valkey(folder)
        server = Server(valkey.argv, folder / "valkey.log", Listening(valkey))
        valkey_pid = stack.enter_context(running(server, guard))
        url = stack.enter_context(running_postgres(folder, guard, DURABLE))
        postmaster = folder / "postgres" / "data" / "postmaster.pid"
        pids = [valkey_pid, int(postmaster.read_text().split()[0])]
        yield {
            "REDIS_URL": valkey.url,
            "DATABASE_URL": url,
            "BATON_DATA_DIR": name,
            "PYTHONPATH": os.pathsep.join([str(MODELS), str(ROOT)]),
            SERVERS: ",".join(map(str, pids)),
        }


def environment() -> dict[str, str]:
    """What a process of Baton finds in its environment, as from `up`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.prod",
        "MALLOC_ARENA_MAX": "2",
        "PGAPPNAME": NAME,
    }


def _worker(number: int, threads: int | None) -> subprocess.Popen[bytes]:
    module = "orchestrator_site.worker" if threads is None else "tests.bench.worker_app"
    command = [sys.executable, "-m", module, "--loglevel", "WARNING"]
    command += ["--hostname", f"worker-{number}@%h"]
    log = Path(os.environ["BATON_DATA_DIR"]) / f"worker-{number}.log"
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment() | {WORKER: str(threads or "")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


@contextmanager
def workers(count: int, threads: int | None = None) -> Iterator[list[int]]:
    """Celery workers as `up` starts them, with so many threads for calls; their pids."""
    from django.db.models import Q

    from flows.models import Worker

    processes = [_worker(number, threads) for number in range(count)]
    pids = [process.pid for process in processes]
    names = Q()
    for pid in pids:
        names |= Q(name__endswith=f":{pid}")
    try:
        while Worker.objects.filter(names).count() < count:
            time.sleep(0.05)
        time.sleep(1.0)  # for the sweep that tells each of the others
        yield pids
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
        Worker.objects.filter(names).delete()
