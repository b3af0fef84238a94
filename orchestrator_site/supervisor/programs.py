"""The processes of one machine: what they are called and how they are started."""

import os
import sys

from orchestrator_site.supervisor.child import Program
from orchestrator_site.supervisor.options import ROOT, Options
from orchestrator_site.supervisor.valkey import Valkey


def is_given(name: str) -> bool:
    """True where the environment names the service, directly or by a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def environment(options: Options, redis_url: str | None) -> dict[str, str]:
    """What the children find in their environment; secrets never go into argv."""
    env = {
        **os.environ,
        "BATON_DATA_DIR": str(options.data_dir),
        "PYTHONUNBUFFERED": "1",
        # Few arenas: glibc otherwise keeps one per thread, and with it freed memory.
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
    }
    return env if redis_url is None else {**env, "REDIS_URL": redis_url}


def broker(valkey: Valkey, env: dict[str, str]) -> Program:
    return Program("broker", valkey.argv, env, valkey.config.parent)


def web(options: Options, env: dict[str, str]) -> Program:
    command = [sys.executable, "-m", "uvicorn", "orchestrator_site.asgi:application"]
    command += ["--host", options.host, "--port", str(options.port)]
    command += ["--lifespan", "off", "--no-access-log", "--no-server-header"]
    command += ["--timeout-graceful-shutdown", "5", "--ws-max-size", "65536"]
    # At `info` every socket that opens and closes is a line.
    command += ["--log-level", "warning"]
    return Program("web", command, env, ROOT)


def worker(number: int, options: Options, env: dict[str, str]) -> Program:
    command = [sys.executable, "-m", "orchestrator_site.worker"]
    command += ["--hostname", f"worker-{number}@%h"]
    if options.queues is not None:
        command += ["--queues", ",".join(("runs", *options.queues))]
    return Program(f"worker-{number}", command, env, ROOT)
