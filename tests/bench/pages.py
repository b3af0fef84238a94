"""Server time of the pages of runs and of the ledger, with 10,000 runs in the database.

Run with `manage.py bench pages`. Prints, for each page, the median and the
slowest of ten answers and the processor's time, beside the floor: a page that asks for
nothing but who is logged in.
"""

import os
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.core.management import call_command

RUNS, EVENTS_EACH, STEPS_EACH, ROUNDS = 10_000, 8, 6, 10
STATUSES = ("completed",) * 17 + ("failed", "cancelled", "waiting")


@contextmanager
def database():
    """A new SQLite database with all tables."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ.update(DATABASE_URL=url, BATON_DATA_DIR=folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "orchestrator_site.settings.test"
        django.setup()
        call_command("migrate", verbosity=0)
        yield


def insert_runs(flow) -> list:
    """Runs of the last week with their steps and events; one in twenty still waits."""
    from django.utils import timezone

    from orchestrator_site.ledger.api import store

    cell = store({"message": "My lamp came broken. " * 20}).cell
    now, runs, steps, events = timezone.now(), [], [], []
    for number in range(RUNS):
        run = make_run(flow, cell, now - timedelta(minutes=number))
        run.status = STATUSES[number % len(STATUSES)]
        if run.status == "waiting":
            run.ended_at = None
        runs.append(run)
        steps += make_steps(run, cell)
        events += make_events(run)
    for rows in (runs, steps, events):
        type(rows[0]).objects.bulk_create(rows, batch_size=500)
    return runs


def make_run(flow, cell: bytes, at: datetime):
    from flows.models import Run

    return Run(
        workspace_id=flow.workspace_id,
        flow=flow,
        version=flow.published,
        started_by="system:cli",
        request_hash=b"",
        input=cell,
        seq=EVENTS_EACH,
        created_at=at,
        started_at=at,
        ended_at=at,
    )


def make_steps(run, cell: bytes) -> list:
    from flows.models import Step

    return [
        Step(
            run_id=run.pk,
            address=f"step_{place}",
            node_id="model",
            type="model",
            status="completed",
            result=cell,
            started_at=run.started_at,
            ended_at=run.started_at,
            duration_ms=3,
            seq=place,
        )
        for place in range(STEPS_EACH)
    ]


def make_events(run) -> list:
    """A chain of starts; sets the run's head."""
    from orchestrator_site.ledger.api import GENESIS, Event, Fact, event

    fact = Fact("run.started", "system:cli", {"flow": str(run.flow_id)})
    events, run.head = [], GENESIS
    for seq in range(1, EVENTS_EACH + 1):
        row = event(
            fact,
            workspace_id=run.workspace_id,
            chain_id=run.pk,
            seq=seq,
            head=run.head,
            at=run.started_at,
        )
        run.head = row.hash
        events.append(Event(**row._asdict()))
    return events


@dataclass(frozen=True, slots=True)
class Taken:
    """What the answers of a page took: milliseconds on the clock and of the processor."""

    median: float
    slowest: float
    processor: float

    def __str__(self) -> str:
        """All three."""
        clock = f"{self.median:7.1f} ms, slowest {self.slowest:7.1f}"
        return f"{clock}, processor {self.processor:6.1f}"


def measure(client, address: str) -> Taken:
    """Ask for a page often; the first answer does not count."""
    times, worked = [], []
    for _ in range(ROUNDS + 1):
        began, busy = time.perf_counter(), time.process_time()
        assert client.get(address).status_code == 200, address
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return Taken(
        statistics.median(times[1:]), max(times[1:]), statistics.median(worked[1:])
    )


def main() -> None:
    with database():
        from django.test import Client

        from orchestrator_site.accounts.roles import Role
        from tests.factories.accounts import make_membership
        from tests.factories.flows import make_flow

        flow = make_flow()
        member = make_membership(workspace=flow.workspace, role=Role.OWNER)
        runs = insert_runs(flow)
        client = Client(SERVER_NAME="localhost")
        client.force_login(member.user)
        older = runs[-1].pk
        middle = runs[RUNS // 2].pk
        addresses = (
            "/accounts/password/change/",
            "/",
            "/flows/",
            "/approvals/",
            "/members/",
            "/runs/",
            "/runs/?state=failed",
            "/runs/?state=failed&period=week",
            f"/runs/?before={middle}",
            f"/runs/changes/?shown={older}",
            f"/runs/{middle}/",
            f"/runs/{middle}/?view=events&step=model",
            "/ledger/",
            "/ledger/?about=people",
            "/ledger/?who=system:worker",
            f"/ledger/?subject={middle}",
            f"/ledger/?event={middle}.3",
        )
        for address in addresses:
            print(f"{measure(client, address)}  {address}")


if __name__ == "__main__":
    main()
