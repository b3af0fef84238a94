"""The joined commit, and what to do when its answer is an error or never comes."""

import logging
import threading
from collections.abc import Sequence
from uuid import UUID

from flows.conductor.held import HeldRun
from flows.conductor.rows import Meanwhile, RunCommit, idle
from flows.conductor.staging.runs import stage_failed_run, unrecordable
from flows.conductor.store import DATABASE_ERRORS, REFUSALS, Store, open_store

BATCH_RUNS = 256
RECONNECT_S = 0.5

logger = logging.getLogger(__name__)


class Committer:
    """Stores what runs have staged, on the conductor's own connection."""

    def __init__(self, stopping: threading.Event) -> None:
        self.store: Store = open_store()
        self._stopping = stopping

    def flush(
        self, worker_id: UUID, runs: Sequence[HeldRun], meanwhile: Meanwhile = idle
    ) -> dict[UUID, bool]:
        """Commit what these runs have staged; `meanwhile` is called once.

        Returns: the runs whose part counted, each with whether it has mail. The others
        were taken over by another worker and must be forgotten.
        """
        landed: dict[UUID, bool] = {}
        for start in range(0, len(runs), BATCH_RUNS):
            batch = [run for run in runs[start : start + BATCH_RUNS] if run.staged]
            landed.update(self._commit(worker_id, batch, meanwhile))
            meanwhile = idle
        return landed

    def _commit(
        self, worker_id: UUID, runs: Sequence[HeldRun], meanwhile: Meanwhile
    ) -> dict[UUID, bool]:
        parts = [run.staged for run in runs if run.staged]
        try:
            return dict(self.store.commit(worker_id, parts, meanwhile))
        except (*DATABASE_ERRORS, *REFUSALS) as error:
            logger.warning("A joined commit of %d runs failed: %s", len(parts), error)
        self.reconnect()
        landed: dict[UUID, bool] = {}
        for run in runs:
            landed.update(self._commit_alone(worker_id, run))
        return landed

    def reconnect(self) -> None:
        """Open a new connection, as soon as the database takes one."""
        try:
            self.store.close()
        except DATABASE_ERRORS:
            logger.debug("The broken connection did not even close")
        while True:
            try:
                self.store = open_store()
                break
            except DATABASE_ERRORS as error:
                logger.warning("The database does not take connections: %s", error)
                if self._stopping.wait(RECONNECT_S):
                    raise

    def _commit_alone(self, worker_id: UUID, run: HeldRun) -> dict[UUID, bool]:
        """Retry one run's part: it may have landed, be fenced off, or be at fault.

        Raises: one of DATABASE_ERRORS if the connection is lost again; what is stored
        then tells whoever claims the run how far it came.
        """
        part = run.staged
        if part is None or self._has_landed(part):
            return {run.id: False}
        try:
            return dict(self.store.commit(worker_id, [part]))
        except REFUSALS as error:
            logger.exception("Run %s cannot be recorded", run.id)
            self.reconnect()
            return self._fail(worker_id, run, str(error))

    def _has_landed(self, part: RunCommit) -> bool:
        """Whether a commit whose answer was lost did count.

        One without events leaves no trace to tell by; to store it again does no harm.
        """
        if part.new_seq == part.old_seq:
            return False
        return self.store.seq_of(part.id, part.epoch) == part.new_seq

    def _fail(self, worker_id: UUID, run: HeldRun, reason: str) -> dict[UUID, bool]:
        """End a run whose rows the database refuses, so that it is not tried for ever."""
        run.staged, run.seq, run.head = None, run.stored_seq, run.stored_head
        run.agenda.clear()
        run.calls.clear()
        message = f"The database refused this run's record: {reason}"
        failure = {"code": "record_refused", "message": message}
        try:
            stage_failed_run(run, None, failure)
            parts: list[RunCommit] = [run.staged] if run.staged else []
            return dict(self.store.commit(worker_id, parts))
        except REFUSALS:
            logger.exception("Not even the failure of run %s can be recorded", run.id)
        self.reconnect()
        run.staged = unrecordable(run)
        return dict(self.store.commit(worker_id, [run.staged]))
