"""The statements of the conductor, on a connection of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from flows.conductor.admission import OPEN_KEYS, TRY_LOCK, admit
from flows.conductor.certificate import AdvisoryLock, DeathCertificate
from flows.conductor.claiming import (
    ADDRESSED,
    CLAIMED,
    READY,
    URGENT_FIRST,
    in_order,
)
from flows.conductor.matching import Scope, deliver_postgresql
from flows.conductor.postgresql import sweep
from flows.conductor.postgresql.commit import statement
from flows.conductor.postgresql.statements import Statements
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

# A sender of mail holds a key lock on its run's row; claiming does not mind it.
CLAIM = f"""
WITH ready AS (
  SELECT id AS ready_id FROM flows_run WHERE {READY}
  {URGENT_FIRST} LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE flows_run SET owner_id = %s, epoch = epoch + 1
FROM ready WHERE id = ready_id
RETURNING {CLAIMED}
"""  # noqa: S608  constants of another module
CLAIM_ADDRESSED = CLAIM.replace(READY, ADDRESSED)
# A true value as it comes over the wire.
TRUE = b"\1"
CLAIM_THESE = CLAIM.replace(READY, f"{READY} AND id = ANY(%b::uuid[])")


class PostgresqlStore:
    """See `flows.conductor.store.Store`."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        params = wrapper.get_connection_params()
        # Django's cursor binds on the client; the plain one lets statements be prepared.
        params.update(
            cursor_factory=psycopg.Cursor, prepare_threshold=0, autocommit=True
        )
        self._connection: psycopg.Connection[Any] = psycopg.connect(**params)
        self._statements = Statements(self._connection)
        self._connection.execute("SET plan_cache_mode = force_generic_plan")
        self._connection.execute("SET jit = off")
        # An index serves each statement here, whatever the statistics say of a table
        # that has just been filled.
        self._connection.execute("SET enable_seqscan = off")

    def claim(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        return self._claim(CLAIM, worker_id, limit)

    def claim_addressed(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        return self._claim(CLAIM_ADDRESSED, worker_id, limit)

    def claim_these(self, worker_id: UUID, run_ids: Sequence[UUID]) -> list[ClaimedRun]:
        limit = len(run_ids)
        return self._claim(CLAIM_THESE, worker_id, limit, list(run_ids))

    def _claim(
        self, sql: str, worker_id: UUID, limit: int, *chosen: list[UUID]
    ) -> list[ClaimedRun]:
        values = (*chosen, limit, worker_id)
        rows = self._connection.execute(sql, values).fetchall()
        return in_order([ClaimedRun(*row) for row in rows])

    def recorded_steps(self, run_ids: Sequence[UUID]) -> list[RecordedStep]:
        rows = self._connection.execute(
            "SELECT run_id, address, status, port, result, started_at, attempt, seq,"
            " type, ended_at FROM flows_step"
            " WHERE run_id = ANY(%b::uuid[]) ORDER BY run_id, seq, attempt",
            (list(run_ids),),
        )
        return [RecordedStep(*row) for row in rows]

    def open_waits(self, run_ids: Sequence[UUID]) -> list[OpenWait]:
        rows = self._connection.execute(
            "SELECT run_id, id, address, attempt, kind, due_at, name, key, port"
            " FROM flows_wait WHERE run_id = ANY(%b::uuid[]) ORDER BY run_id, id",
            (list(run_ids),),
        )
        return [OpenWait(*row) for row in rows]

    def commit(
        self, worker_id: UUID, batch: Sequence[RunCommit], meanwhile: Meanwhile = idle
    ) -> list[Landed]:
        sql, params = statement(worker_id, batch)
        ids = {part.id.bytes: part.id for part in batch}
        return [
            Landed(ids[cast("bytes", run_id)], has_mail=has_mail == TRUE)
            for run_id, has_mail in self._statements.run(sql, params, meanwhile)
        ]

    def seq_of(self, run_id: UUID, epoch: int) -> int | None:
        row = self._connection.execute(
            "SELECT seq FROM flows_run WHERE id = %s AND epoch = %s", (run_id, epoch)
        ).fetchone()
        return row[0] if row else None

    def release(self, worker_id: UUID) -> None:
        self._connection.execute(
            "UPDATE flows_run SET owner_id = NULL WHERE owner_id = %s", (worker_id,)
        )

    def release_run(self, worker_id: UUID, run_id: UUID) -> None:
        self._connection.execute(
            "UPDATE flows_run SET owner_id = NULL WHERE id = %s AND owner_id = %s",
            (run_id, worker_id),
        )

    def release_strays(
        self, worker_id: UUID, held: Sequence[UUID], before: datetime
    ) -> int:
        released = self._connection.execute(
            "UPDATE flows_run SET owner_id = NULL"
            " WHERE owner_id = %s AND created_at < %s AND NOT id = ANY(%b::uuid[])",
            (worker_id, before, list(held)),
        )
        return released.rowcount

    def inbox(self, worker_id: UUID) -> list[InboxRow]:
        rows = self._connection.execute(
            "SELECT i.id, i.run_id, i.kind, i.actor, i.address, i.body FROM flows_inbox i"
            " JOIN flows_run r ON r.id = i.run_id WHERE r.owner_id = %s ORDER BY i.id",
            (worker_id,),
        )
        return [InboxRow(*row) for row in rows]

    def blob(self, run_id: UUID, digest: bytes) -> bytes:
        row = self._connection.execute(
            "SELECT data FROM ledger_blob WHERE owner_id = %s AND digest = %s",
            (run_id, digest),
        ).fetchone()
        if row is None:
            raise LookupError(f"Payload {digest.hex()} of run {run_id} is gone.")
        return bytes(row[0])

    def certificate(self, worker_id: UUID) -> DeathCertificate:
        return AdvisoryLock(self._connection, worker_id)

    def register(
        self, worker_id: UUID, name: str, kind: str = "worker", queues: str = ""
    ) -> datetime:
        ((now,),) = self._execute(
            "INSERT INTO flows_worker (id, kind, name, queues, started_at, beat_at)"
            " VALUES (%s, %s, %s, %s, now(), now()) RETURNING beat_at",
            (worker_id, kind, name, queues),
        )
        return cast("datetime", now)

    def beat(self, worker_id: UUID) -> datetime | None:
        rows = self._execute(
            "UPDATE flows_worker SET beat_at = now() WHERE id = %s RETURNING beat_at",
            (worker_id,),
        )
        return rows[0][0] if rows else None

    def other_workers(self, worker_id: UUID) -> list[tuple[UUID, object]]:
        return self._connection.execute(
            "SELECT id, beat_at FROM flows_worker WHERE id <> %s", (worker_id,)
        ).fetchall()

    def bury(self, worker_id: UUID) -> int:
        with self._connection.transaction():
            self._connection.execute(
                "DELETE FROM flows_worker WHERE id = %s", (worker_id,)
            )
            freed = self._connection.execute(
                "UPDATE flows_run SET owner_id = NULL, crashes = crashes + 1"
                " WHERE owner_id = %s",
                (worker_id,),
            )
        return freed.rowcount

    def free_orphans(self) -> int:
        freed = self._connection.execute(
            "UPDATE flows_run r SET owner_id = NULL, crashes = crashes + 1"
            " WHERE owner_id IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM flows_worker w WHERE w.id = r.owner_id)"
        )
        return freed.rowcount

    def has_remotes(self, queues: Sequence[str] | None) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM flows_remote WHERE owner_id IS NULL"
            " AND (%s::text[] IS NULL OR queue = ANY(%s::text[])) LIMIT 1",
            (queues, queues),
        )
        return found.fetchone() is not None

    def taken_remotes(self, worker_id: UUID) -> set[UUID]:
        rows = self._connection.execute(
            "SELECT id FROM flows_remote WHERE owner_id = %s", (worker_id,)
        )
        return {row[0] for row in rows}

    def free_remotes(self) -> int:
        if not self._connection.execute(sweep.ANY_REMOTE).fetchone():
            return 0
        self._connection.execute(sweep.LEFT_REMOTES)
        lost = self._connection.execute(sweep.LOST_REMOTES)
        return lost.rowcount + self._connection.execute(sweep.FREED_REMOTES).rowcount

    def discard_late_mail(self) -> None:
        self._connection.execute(sweep.LATE_MAIL)

    def move_due(self) -> int:
        return self._connection.execute(sweep.DUE).rowcount

    def deliver(self, scope: Scope, ids: Sequence[UUID] = ()) -> int:
        return deliver_postgresql(self._execute, scope, ids)

    def forget_expired(self) -> None:
        self._connection.execute(sweep.EXPIRED)

    def admit(self, keys: Sequence[str]) -> int:
        return sum(self._admit(key) for key in keys)

    def _admit(self, key: str) -> int:
        """Whoever holds the key gives its slots away; the sweep comes again."""
        with self._connection.transaction():
            ((is_mine,),) = self._execute(TRY_LOCK, [key])
            return len(admit(self._execute, key, skip_locked=True)) if is_mine else 0

    def admit_blocked(self) -> int:
        self._connection.execute(sweep.LEFT_SLOTS)
        return self.admit([key for (key,) in self._execute(OPEN_KEYS, ())])

    def _execute(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        self._connection.close()
