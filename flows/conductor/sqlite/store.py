"""The statements of the conductor; whoever only looks takes no write lock."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from flows.conductor.admission import OPEN_KEYS, admit
from flows.conductor.certificate import DeathCertificate, FileLock
from flows.conductor.claiming import (
    ADDRESSED,
    CLAIMED,
    COUNTS,
    READY,
    URGENT_FIRST,
    in_order,
)
from flows.conductor.matching import Scope, deliver_sqlite, pairs_sqlite
from flows.conductor.rows import (
    ClaimedRun,
    InboxRow,
    Landed,
    Meanwhile,
    OpenWait,
    RecordedStep,
    RunCommit,
    idle,
)
from flows.conductor.sqlite import sweep
from flows.conductor.sqlite.commit import insert, move

CLAIM = f"""
UPDATE flows_run SET owner_id = ?, epoch = epoch + 1
WHERE id IN (SELECT id FROM flows_run WHERE {READY} {URGENT_FIRST} LIMIT ?)
AND owner_id IS NULL
RETURNING {CLAIMED}
"""  # noqa: S608  constants of another module
CLAIM_ADDRESSED = CLAIM.replace(READY, ADDRESSED)
DUE = f"FROM flows_wait w WHERE due_at <= ? AND {COUNTS} ORDER BY due_at, id LIMIT 1000"
# The pause keeps whoever delivers at this moment from meeting a signal that is gone.
EXPIRY_PAUSE = timedelta(seconds=60)


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


def _claimed(row: tuple[Any, ...]) -> ClaimedRun:
    run = ClaimedRun(*row)
    return run._replace(
        id=UUID(row[0]),
        workspace_id=UUID(row[1]),
        version_id=UUID(row[2]),
        flow_id=UUID(str(run.flow_id)),
        parent_id=UUID(row[9]) if row[9] else None,
        created_at=datetime.fromisoformat(f"{run.created_at}+00:00"),
        paused_at=datetime.fromisoformat(f"{run.paused_at}+00:00")
        if run.paused_at
        else None,
    )


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
        return self._claim(CLAIM, READY, worker_id, limit)

    def claim_addressed(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        return self._claim(CLAIM_ADDRESSED, ADDRESSED, worker_id, limit)

    def claim_these(self, worker_id: UUID, run_ids: Sequence[UUID]) -> list[ClaimedRun]:
        chosen = f"{READY} AND id IN ({marks(len(run_ids))})"
        return self._take(CLAIM.replace(READY, chosen), worker_id, *run_ids, 1000)

    def _claim(
        self, sql: str, condition: str, worker_id: UUID, limit: int
    ) -> list[ClaimedRun]:
        look = f"SELECT 1 FROM flows_run WHERE {condition} LIMIT 1"  # noqa: S608
        if not self._run(look).fetchone():
            return []
        return self._take(sql, worker_id, limit)

    def _take(self, sql: str, *values: object) -> list[ClaimedRun]:
        with self._transaction():
            rows = self._run(sql, *values).fetchall()
        return in_order([_claimed(row) for row in rows])

    def recorded_steps(self, run_ids: Sequence[UUID]) -> list[RecordedStep]:
        chosen = marks(len(run_ids))
        rows = self._run(
            "SELECT run_id, address, status, port, result, started_at, attempt, seq,"  # noqa: S608
            f" type, ended_at FROM flows_step WHERE run_id IN ({chosen})"
            " ORDER BY run_id, seq, attempt",
            *run_ids,
        )
        return [
            RecordedStep(
                UUID(run_id),
                address,
                status,
                port,
                result,
                read_time(began),
                attempt,
                seq,
                kind,
                read_time(ended),
            )
            for (
                run_id,
                address,
                status,
                port,
                result,
                began,
                attempt,
                seq,
                kind,
                ended,
            ) in rows
        ]

    def open_waits(self, run_ids: Sequence[UUID]) -> list[OpenWait]:
        rows = self._run(
            "SELECT run_id, id, address, attempt, kind, due_at, name, key, port"  # noqa: S608
            f" FROM flows_wait WHERE run_id IN ({marks(len(run_ids))})"
            " ORDER BY run_id, id",
            *run_ids,
        )
        return [
            OpenWait(
                UUID(run_id), id_, address, attempt, kind, read_time(due_at), *words
            )
            for run_id, id_, address, attempt, kind, due_at, *words in rows
        ]

    def commit(
        self, worker_id: UUID, batch: Sequence[RunCommit], meanwhile: Meanwhile = idle
    ) -> list[Landed]:
        meanwhile()
        landed = []
        with self._transaction():
            for part in batch:
                if move(self._run, worker_id, part):
                    insert(self._run, self._many, part)
                    landed.append(Landed(part.id, self._has_mail(part.id)))
        return landed

    def _many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
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

    def release_run(self, worker_id: UUID, run_id: UUID) -> None:
        self._run(
            "UPDATE flows_run SET owner_id = NULL WHERE id = ? AND owner_id = ?",
            run_id,
            worker_id,
        )

    def release_strays(
        self, worker_id: UUID, held: Sequence[UUID], before: datetime
    ) -> int:
        return self._run(
            "UPDATE flows_run SET owner_id = NULL WHERE owner_id = ? AND created_at < ?"  # noqa: S608
            f" AND id NOT IN ({marks(len(held))})",
            worker_id,
            before,
            *held,
        ).rowcount

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

    def register(
        self, worker_id: UUID, name: str, kind: str = "worker", queues: str = ""
    ) -> datetime:
        now = timezone.now()
        self._run(
            "INSERT INTO flows_worker (id, kind, name, queues, started_at, beat_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            worker_id,
            kind,
            name,
            queues,
            now,
            now,
        )
        return now

    def beat(self, worker_id: UUID) -> datetime | None:
        now = timezone.now()
        done = self._run(
            "UPDATE flows_worker SET beat_at = ? WHERE id = ?", now, worker_id
        )
        return now if done.rowcount == 1 else None

    def other_workers(self, worker_id: UUID) -> list[tuple[UUID, object]]:
        rows = self._run(
            "SELECT id, beat_at FROM flows_worker WHERE id <> ?", worker_id
        )
        return [(UUID(id_), beat) for id_, beat in rows]

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

    def has_remotes(self, queues: Sequence[str] | None) -> bool:
        waiting = "SELECT 1 FROM flows_remote WHERE owner_id IS NULL"
        if queues is not None:
            waiting += f" AND queue IN ({marks(len(queues))})"
        return self._run(f"{waiting} LIMIT 1", *(queues or ())).fetchone() is not None

    def taken_remotes(self, worker_id: UUID) -> set[UUID]:
        rows = self._run("SELECT id FROM flows_remote WHERE owner_id = ?", worker_id)
        return {UUID(row[0]) for row in rows}

    def free_remotes(self) -> int:
        if not self._run(sweep.LOOK_FOR_REMOTES).fetchone():
            return 0
        with self._transaction():
            self._run(sweep.DROP_LEFT)
            self._run(sweep.TELL_LOST)
            lost = self._run(sweep.DROP_LOST).rowcount
            return lost + self._run(sweep.FREE).rowcount

    def discard_late_mail(self) -> None:
        late = (
            " FROM flows_inbox WHERE EXISTS (SELECT 1 FROM flows_run r"
            " WHERE r.id = run_id AND r.ended_at IS NOT NULL)"
        )
        if self._run(f"SELECT 1{late} LIMIT 1").fetchone():
            self._run(f"DELETE{late}")

    def move_due(self) -> int:
        now = timezone.now()
        if not self._run(f"SELECT 1 {DUE}", now).fetchone():
            return 0
        with self._transaction():
            due = self._run(
                f"SELECT run_id, kind, 'system:timer', address, CAST(json_object("
                f"'wait', id, 'port', port, 'attempt', attempt, 'due', due_at"
                f") AS BLOB), id {DUE}",
                now,
            ).fetchall()
            self._many(
                "INSERT INTO flows_inbox (run_id, kind, actor, address, body,"
                " created_at) VALUES (?, ?, ?, ?, ?, ?)",
                [(*mail, now) for *mail, _ in due],
            )
            self._many("DELETE FROM flows_wait WHERE id = ?", [row[-1:] for row in due])
        return len(due)

    def deliver(self, scope: Scope, ids: Sequence[UUID] = ()) -> int:
        if scope == "all" and not self._execute(pairs_sqlite(), ()):
            return 0
        with self._transaction():
            return deliver_sqlite(self._execute, scope, ids)

    def forget_expired(self) -> None:
        expired = (
            " FROM flows_signal WHERE expires_at < ? ORDER BY expires_at LIMIT 1000"
        )
        since = timezone.now() - EXPIRY_PAUSE
        if not self._run(f"SELECT 1{expired}", since).fetchone():
            return
        with self._transaction():
            ids = self._run(f"SELECT id{expired}", since).fetchall()
            self._many("DELETE FROM flows_delivery WHERE signal_id = ?", ids)
            self._many("DELETE FROM flows_signal WHERE id = ?", ids)

    def admit(self, keys: Sequence[str]) -> int:
        admitted = 0
        for key in keys:
            with self._transaction():
                admitted += len(admit(self._execute, key, skip_locked=False))
        return admitted

    def admit_blocked(self) -> int:
        left = (
            " FROM flows_slot WHERE EXISTS (SELECT 1 FROM flows_run r"
            " WHERE r.id = run_id AND r.ended_at IS NOT NULL)"
        )
        if self._run(f"SELECT 1{left} LIMIT 1").fetchone():
            self._run(f"DELETE{left}")
        return self.admit([key for (key,) in self._execute(OPEN_KEYS, ())])

    def _execute(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run a statement that is written with `%s`, as Django's are."""
        return self._run(sql % tuple("?" * len(values)), *values).fetchall()

    def close(self) -> None:
        self._connection.close()
