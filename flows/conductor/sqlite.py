"""The hot path on SQLite: one writer at a time, so plain statements in one transaction.

Times and ids are written as Django writes them: naive UTC text and 32 hex digits.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from flows.conductor.certificate import DeathCertificate, FileLock
from flows.conductor.rows import (
    ClaimedRun,
    InboxRow,
    Landed,
    RecordedStep,
    RunCommit,
    StepRow,
)
from orchestrator_site.ledger.api import EventRow

MOVE = """
UPDATE flows_run SET seq = ?, head = ?, status = ?, result = coalesce(?, result),
  cost_usd_micros = cost_usd_micros + ?, crashes = CASE WHEN ? THEN 0 ELSE crashes END,
  started_at = coalesce(started_at, ?), ended_at = ?,
  owner_id = CASE WHEN ? = 'running' THEN owner_id END
WHERE id = ? AND epoch = ? AND seq = ? AND owner_id = ?
"""

STEP = f"""
INSERT INTO flows_step ({", ".join(StepRow._fields)})
VALUES ({", ".join("?" * len(StepRow._fields))})
ON CONFLICT (run_id, address, attempt) DO UPDATE SET
  status = excluded.status, port = excluded.port, result = excluded.result,
  model = excluded.model, model_version = excluded.model_version,
  cost_usd_micros = excluded.cost_usd_micros, duration_ms = excluded.duration_ms,
  started_at = excluded.started_at, ended_at = excluded.ended_at, seq = excluded.seq
WHERE flows_step.status IN ('running', 'waiting')
"""  # noqa: S608  the names are this module's own

EVENT = f"""
INSERT INTO ledger_event ({", ".join(EventRow._fields)})
VALUES ({", ".join("?" * len(EventRow._fields))})
"""  # noqa: S608  the names are this module's own

CLAIM = """
UPDATE flows_run SET owner_id = ?, epoch = epoch + 1
WHERE id IN (
  SELECT id FROM flows_run
  WHERE status IN ('queued', 'running') AND owner_id IS NULL ORDER BY id LIMIT ?
) AND owner_id IS NULL
RETURNING id, workspace_id, version_id, status, epoch, seq, head, crashes, input
"""

# Runs that do not run of themselves, such as poisoned ones, but have mail.
ADDRESSED = (
    " FROM flows_run WHERE owner_id IS NULL AND ended_at IS NULL"
    " AND id IN (SELECT run_id FROM flows_inbox)"
    " AND (status <> 'poisoned'"
    " OR id IN (SELECT run_id FROM flows_inbox WHERE kind = 'cancel'))"
)
CLAIM_ADDRESSED = f"""
UPDATE flows_run SET owner_id = ?, epoch = epoch + 1
WHERE id IN (SELECT id {ADDRESSED} ORDER BY id LIMIT ?) AND owner_id IS NULL
RETURNING id, workspace_id, version_id, status, epoch, seq, head, crashes, input
"""  # noqa: S608  a constant of this module


def adapt(value: object) -> object:
    """A value as Django stores it in SQLite."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value


def read_time(stored: str | None) -> datetime | None:
    """A time as Django stored it."""
    return datetime.fromisoformat(f"{stored}+00:00") if stored else None


def marks(count: int) -> str:
    """Placeholders for `count` values."""
    return ", ".join("?" * count)


class SqliteStore:
    """See `flows.conductor.store.Store`."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        wrapper.inc_thread_sharing()
        wrapper.ensure_connection()
        self._path = str(wrapper.settings_dict["NAME"])
        self._connection: sqlite3.Connection = wrapper.connection

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def _run(self, sql: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(sql, [adapt(value) for value in values])

    def claim(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        ready = self._run(
            "SELECT 1 FROM flows_run WHERE status IN ('queued', 'running')"
            " AND owner_id IS NULL LIMIT 1"
        ).fetchone()
        return self._claim(CLAIM, worker_id, limit) if ready else []

    def claim_addressed(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        ready = self._run(f"SELECT 1 {ADDRESSED} LIMIT 1").fetchone()
        return self._claim(CLAIM_ADDRESSED, worker_id, limit) if ready else []

    def _claim(self, sql: str, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        """Claim after a look that found something: a look takes no write lock."""
        with self._transaction():
            rows = self._run(sql, worker_id, limit).fetchall()
        return sorted(
            ClaimedRun(UUID(id_), UUID(workspace), UUID(version), *rest)
            for id_, workspace, version, *rest in rows
        )

    def discard_late_mail(self) -> None:
        late = (
            " FROM flows_inbox WHERE EXISTS (SELECT 1 FROM flows_run r"
            " WHERE r.id = run_id AND r.ended_at IS NOT NULL)"
        )
        if self._run(f"SELECT 1{late} LIMIT 1").fetchone():
            self._run(f"DELETE{late}")

    def recorded_steps(self, run_ids: Sequence[UUID]) -> list[RecordedStep]:
        chosen = marks(len(run_ids))
        rows = self._run(
            "SELECT run_id, address, status, port, result, started_at FROM flows_step "  # noqa: S608
            f"WHERE run_id IN ({chosen}) ORDER BY run_id, seq",
            *run_ids,
        )
        return [
            RecordedStep(UUID(run_id), address, status, port, result, read_time(at))
            for run_id, address, status, port, result, at in rows
        ]

    def commit(self, worker_id: UUID, batch: Sequence[RunCommit]) -> list[Landed]:
        landed = []
        with self._transaction():
            for part in batch:
                if self._move(worker_id, part):
                    self._insert(part)
                    landed.append(Landed(part.id, self._has_mail(part.id)))
        return landed

    def _move(self, worker_id: UUID, run: RunCommit) -> bool:
        moved = self._run(
            MOVE,
            run.new_seq,
            run.head,
            run.status,
            run.result,
            run.cost_usd_micros,
            run.progressed,
            run.started_at,
            run.ended_at,
            run.status,
            run.id,
            run.epoch,
            run.old_seq,
            worker_id,
        )
        return moved.rowcount == 1

    def _insert(self, part: RunCommit) -> None:
        self._many(STEP, part.steps)
        self._many(EVENT, part.events)
        self._many("INSERT OR IGNORE INTO ledger_blob VALUES (?, ?, ?)", part.blobs)
        for mail_id in part.inbox_ids:
            self._run("DELETE FROM flows_inbox WHERE id = ?", mail_id)

    def _many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            adapted = [[adapt(value) for value in row] for row in rows]
            self._connection.executemany(sql, adapted)

    def _has_mail(self, run_id: UUID) -> bool:
        found = self._run("SELECT 1 FROM flows_inbox WHERE run_id = ? LIMIT 1", run_id)
        return found.fetchone() is not None

    def seq_of(self, run_id: UUID, epoch: int) -> int | None:
        row = self._run(
            "SELECT seq FROM flows_run WHERE id = ? AND epoch = ?", run_id, epoch
        ).fetchone()
        return row[0] if row else None

    def release(self, worker_id: UUID) -> None:
        self._run("UPDATE flows_run SET owner_id = NULL WHERE owner_id = ?", worker_id)

    def inbox(self, worker_id: UUID) -> list[InboxRow]:
        rows = self._run(
            "SELECT i.id, i.run_id, i.kind, i.actor, i.address, i.body FROM flows_inbox i"
            " JOIN flows_run r ON r.id = i.run_id WHERE r.owner_id = ? ORDER BY i.id",
            worker_id,
        )
        return [InboxRow(id_, UUID(run_id), *rest) for id_, run_id, *rest in rows]

    def blob(self, run_id: UUID, digest: bytes) -> bytes:
        row = self._run(
            "SELECT data FROM ledger_blob WHERE owner_id = ? AND digest = ?",
            run_id,
            digest,
        ).fetchone()
        if row is None:
            raise LookupError(f"Payload {digest.hex()} of run {run_id} is gone.")
        return bytes(row[0])

    def certificate(self, worker_id: UUID) -> DeathCertificate:
        return FileLock(self._path, worker_id)

    def register(self, worker_id: UUID, name: str) -> None:
        now = timezone.now()
        self._run(
            "INSERT INTO flows_worker (id, name, started_at, beat_at)"
            " VALUES (?, ?, ?, ?)",
            worker_id,
            name,
            now,
            now,
        )

    def beat(self, worker_id: UUID) -> bool:
        done = self._run(
            "UPDATE flows_worker SET beat_at = ? WHERE id = ?",
            timezone.now(),
            worker_id,
        )
        return done.rowcount == 1

    def other_workers(
        self, worker_id: UUID, silent_s: float
    ) -> list[tuple[UUID, bool]]:
        rows = self._run(
            "SELECT id, beat_at < ? FROM flows_worker WHERE id <> ?",
            timezone.now() - timedelta(seconds=silent_s),
            worker_id,
        )
        return [(UUID(id_), bool(silent)) for id_, silent in rows]

    def bury(self, worker_id: UUID) -> int:
        with self._transaction():
            self._run("DELETE FROM flows_worker WHERE id = ?", worker_id)
            freed = self._run(
                "UPDATE flows_run SET owner_id = NULL, crashes = crashes + 1"
                " WHERE owner_id = ?",
                worker_id,
            )
        return freed.rowcount

    def free_orphans(self) -> int:
        orphaned = (
            " WHERE owner_id IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM flows_worker w WHERE w.id = owner_id)"
        )
        if not self._run(f"SELECT 1 FROM flows_run{orphaned} LIMIT 1").fetchone():  # noqa: S608
            return 0
        freed = self._run(
            f"UPDATE flows_run SET owner_id = NULL, crashes = crashes + 1{orphaned}"  # noqa: S608
        )
        return freed.rowcount

    def close(self) -> None:
        self._connection.close()
