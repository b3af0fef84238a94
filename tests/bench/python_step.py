"""What a step costs in Python: the conductor's own turns on a store that keeps nothing."""

import math
import time
from collections.abc import Sequence
from uuid import UUID

from flows.conductor.flushing import Committer
from flows.conductor.loop import Bell, Conductor
from flows.conductor.postgresql.commit import statement
from flows.conductor.rows import ClaimedRun, InboxRow, Landed, Meanwhile, RunCommit
from flows.conductor.store import open_store
from flows.models import Run
from orchestrator_site.accounts.api import new_id
from tests.bench.documents import KINDS, chain
from tests.bench.figures import NODES, RUNS, answer, figure
from tests.bench.runs import store

ROUNDS = 40


class Nowhere:
    """Gives the runs it was made with, and forgets what is committed."""

    def __init__(self, claimed: Sequence[ClaimedRun]) -> None:
        self.ready = list(claimed)

    def claim(self, _worker_id: UUID, limit: int) -> list[ClaimedRun]:
        taken, self.ready = self.ready[:limit], self.ready[limit:]
        return taken

    def claim_addressed(self, _worker_id: UUID, _limit: int) -> list[ClaimedRun]:
        return []

    def inbox(self, _worker_id: UUID) -> list[InboxRow]:
        return []

    def recorded_steps(self, _run_ids: Sequence[UUID]) -> list[RunCommit]:
        return []

    def commit(
        self, worker_id: UUID, batch: Sequence[RunCommit], meanwhile: Meanwhile
    ) -> list[Landed]:
        statement(worker_id, batch)  # packing the rows is part of a step
        meanwhile()
        return [Landed(part.id, has_mail=False) for part in batch]


class ToNowhere(Committer):
    """Commits to a store that keeps nothing."""

    def __init__(self, store: Nowhere) -> None:
        self.store = store


def measure() -> None:
    for kind, how in zip(KINDS, ("", ", pure"), strict=True):
        claimed = _claim(chain(kind))
        _play(claimed)
        micros = [_play(claimed) * 1e6 / RUNS / NODES for _ in range(ROUNDS)]
        answer([figure("Baton", f"Python a step{how}", micros, "us")])
        ids = [run.id for run in claimed]
        Run.objects.filter(pk__in=ids).update(status="poisoned", owner_id=None)


def _claim(flow) -> list[ClaimedRun]:
    store(flow, [{"n": number} for number in range(RUNS)])
    connected = open_store()
    claimed = connected.claim(new_id(), RUNS)
    connected.close()
    return claimed


def _play(claimed: Sequence[ClaimedRun]) -> float:
    """Seconds of processor time for the runs, from their claim to their last commit."""
    conductor = Conductor()
    nowhere = Nowhere(claimed)
    conductor._committer = ToNowhere(nowhere)
    conductor._lease._last_good = math.inf
    conductor._mailbox.put(Bell())
    began = time.thread_time()
    while nowhere.ready or conductor._runs:
        conductor._turn()
    spent = time.thread_time() - began
    conductor._calls.stop()
    return spent
