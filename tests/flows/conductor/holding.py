"""Runs held by hand: what a conductor asks of its store, step by step."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from flows.conductor.rows import ClaimedRun, RunCommit, SignalRow, WaitRow
from flows.conductor.store import Store
from flows.models import Run
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import store as seal


class Holder:
    """One worker and the runs it has claimed."""

    def __init__(self, store: Store):
        self.store, self.id = store, new_id()
        store.register(self.id, "by hand")

    def claim(self, limit: int = 100) -> list[ClaimedRun]:
        return self.store.claim(self.id, limit)

    def commit(self, *parts: RunCommit) -> list[UUID]:
        return [landed.run_id for landed in self.store.commit(self.id, parts)]


def part_of(run: Run, **changes: Any) -> RunCommit:
    """A commit of a held run that records nothing but `changes`."""
    run.refresh_from_db()
    return RunCommit(
        run.pk,
        run.epoch,
        run.seq,
        run.seq,
        bytes(run.head),
        timezone.now(),
        **changes,
    )


def wait_of(run: Run, address: str = "wait", kind: str = "event", **values: Any):
    values.setdefault("port", "out")
    return WaitRow(run.pk, run.workspace_id, address, 1, kind, **values)


def signal_of(run: Run, name: str = "paid", key: str = "", **values: Any) -> SignalRow:
    """An event in the workspace of a run."""
    now = timezone.now()
    made = SignalRow(
        id=new_id(),
        workspace_id=run.workspace_id,
        name=name,
        key=key,
        message_id=str(new_id()),
        actor="system:test",
        body=seal({"amount": 42}).cell,
        expires_at=now + timedelta(hours=1),
        created_at=now,
    )
    return made._replace(**values)
