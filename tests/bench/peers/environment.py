"""The peers' own environment: made once for each lock, kept for the next time."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from orchestrator_site.supervisor.options import ROOT

LOCK = ROOT / "requirements-bench.txt"
PEERS = {"langgraph": "LangGraph", "celery": "Celery", "dbos": "DBOS"}


class PeersMissing(Exception):
    """The peers could not be installed."""


def python() -> Path:
    """The Python that has the peers; installs them where they are not.

    Raises: PeersMissing with the installer's last words.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    home = cache / "baton-bench" / digest
    done = home / "complete"
    if not done.exists():
        print(f"Installing the peers into {home} ...", flush=True)
        _install(home)
        done.touch()
    return home / "bin" / "python"


def _install(home: Path) -> None:
    make = [sys.executable, "-m", "venv", "--clear", str(home)]
    install = [str(home / "bin" / "pip"), "install", "-qq", "--require-hashes"]
    for command in (make, [*install, "-r", str(LOCK)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip().splitlines()
            raise PeersMissing(words[-1] if words else f"{command[0]} failed")
