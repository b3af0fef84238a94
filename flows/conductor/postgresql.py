"""The hot path on PostgreSQL: few statements, prepared, on a connection of its own."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from flows.conductor.certificate import AdvisoryLock, DeathCertificate
from flows.conductor.rows import (
    BlobRow,
    ClaimedRun,
    InboxRow,
    Landed,
    RecordedStep,
    RunCommit,
    RunRow,
    StepRow,
)
from orchestrator_site.ledger.api import EventRow

# A batch has one row a run, so the two halves of the fence (epoch, previous seq) hold
# for each run alone: one that is fenced off harms no other.
COMMIT = """
WITH batch AS (
  SELECT * FROM unnest(
    %b::uuid[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[], %b::text[],
    %b::bytea[], %b::bigint[], %b::boolean[], %b::timestamptz[], %b::timestamptz[]
  ) AS b(id, epoch, old_seq, new_seq, head, status, result, cost, progressed,
         started_at, ended_at)
), moved AS (
  UPDATE flows_run r SET
    seq = b.new_seq, head = b.head, status = b.status,
    result = coalesce(b.result, r.result),
    cost_usd_micros = r.cost_usd_micros + b.cost,
    crashes = CASE WHEN b.progressed THEN 0 ELSE r.crashes END,
    started_at = coalesce(r.started_at, b.started_at),
    ended_at = b.ended_at,
    owner_id = CASE WHEN b.status = 'running' THEN r.owner_id END
  FROM batch b
  WHERE r.id = b.id AND r.epoch = b.epoch AND r.seq = b.old_seq AND r.owner_id = %s
  RETURNING r.id
), steps AS (
  INSERT INTO flows_step (run_id, address, attempt, node_id, type, status, port, result,
    model, model_version, cost_usd_micros, duration_ms, started_at, ended_at, seq)
  SELECT s.* FROM unnest(
    %b::uuid[], %b::text[], %b::int[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::bytea[], %b::text[], %b::int[], %b::bigint[], %b::int[], %b::timestamptz[],
    %b::timestamptz[], %b::bigint[]
  ) AS s(run_id, address, attempt, node_id, type, status, port, result, model,
         model_version, cost, duration_ms, started_at, ended_at, seq)
  JOIN moved ON moved.id = s.run_id
  ON CONFLICT (run_id, address, attempt) DO UPDATE SET
    status = excluded.status, port = excluded.port, result = excluded.result,
    model = excluded.model, model_version = excluded.model_version,
    cost_usd_micros = excluded.cost_usd_micros, duration_ms = excluded.duration_ms,
    started_at = excluded.started_at, ended_at = excluded.ended_at, seq = excluded.seq
  WHERE flows_step.status IN ('running', 'waiting')
), events AS (
  INSERT INTO ledger_event (chain_id, seq, workspace_id, at, kind, body, hash)
  SELECT e.* FROM unnest(
    %b::uuid[], %b::bigint[], %b::uuid[], %b::timestamptz[], %b::text[], %b::bytea[],
    %b::bytea[]
  ) AS e(chain_id, seq, workspace_id, at, kind, body, hash)
  JOIN moved ON moved.id = e.chain_id
), blobs AS (
  INSERT INTO ledger_blob (owner_id, digest, data)
  SELECT b.* FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[])
    AS b(owner_id, digest, data)
  JOIN moved ON moved.id = b.owner_id
  ON CONFLICT DO NOTHING
), mail AS (
  DELETE FROM flows_inbox i USING moved
  WHERE i.run_id = moved.id AND i.id = ANY(%b::bigint[])
)
SELECT moved.id, EXISTS (
  SELECT 1 FROM flows_inbox i
  WHERE i.run_id = moved.id AND NOT i.id = ANY(%b::bigint[])
) FROM moved
"""

# A sender of mail holds a key lock on its run's row; claiming does not mind it.
CLAIM = """
WITH ready AS (
  SELECT id FROM flows_run
  WHERE status IN ('queued', 'running') AND owner_id IS NULL
  ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE flows_run r SET owner_id = %s, epoch = r.epoch + 1
FROM ready WHERE r.id = ready.id
RETURNING r.id, r.workspace_id, r.version_id, r.status, r.epoch, r.seq, r.head,
  r.crashes, r.input
"""

# Runs that do not run of themselves, such as poisoned ones, but have mail.
CLAIM_ADDRESSED = """
WITH ready AS (
  SELECT id FROM flows_run r
  WHERE owner_id IS NULL AND ended_at IS NULL AND id IN (
    SELECT run_id FROM flows_inbox
  ) AND (
    status <> 'poisoned'
    OR id IN (SELECT run_id FROM flows_inbox WHERE kind = 'cancel')
  )
  ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE flows_run r SET owner_id = %s, epoch = r.epoch + 1
FROM ready WHERE r.id = ready.id
RETURNING r.id, r.workspace_id, r.version_id, r.status, r.epoch, r.seq, r.head,
  r.crashes, r.input
"""


def columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Turn rows into `width` columns, empty ones included."""
    turned = [list(column) for column in zip(*rows, strict=True)]
    return turned or [[] for _ in range(width)]


class PostgresqlStore:
    """See `flows.conductor.store.Store`."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        params = wrapper.get_connection_params()
        # Django's cursor binds on the client; the plain one lets statements be prepared.
        params.update(
            cursor_factory=psycopg.Cursor, prepare_threshold=0, autocommit=True
        )
        self._connection: psycopg.Connection[Any] = psycopg.connect(**params)
        self._connection.execute("SET plan_cache_mode = force_generic_plan")
        self._connection.execute("SET jit = off")
        # An index serves each statement here, whatever the statistics say of a table
        # that has just been filled.
        self._connection.execute("SET enable_seqscan = off")

    def claim(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        rows = self._connection.execute(CLAIM, (limit, worker_id)).fetchall()
        return sorted(ClaimedRun(*row) for row in rows)

    def claim_addressed(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        rows = self._connection.execute(CLAIM_ADDRESSED, (limit, worker_id)).fetchall()
        return sorted(ClaimedRun(*row) for row in rows)

    def discard_late_mail(self) -> None:
        self._connection.execute(
            "DELETE FROM flows_inbox i USING flows_run r"
            " WHERE r.id = i.run_id AND r.ended_at IS NOT NULL"
        )

    def recorded_steps(self, run_ids: Sequence[UUID]) -> list[RecordedStep]:
        rows = self._connection.execute(
            "SELECT run_id, address, status, port, result, started_at FROM flows_step"
            " WHERE run_id = ANY(%b::uuid[]) ORDER BY run_id, seq",
            (list(run_ids),),
        )
        return [RecordedStep(*row) for row in rows]

    def commit(self, worker_id: UUID, batch: Sequence[RunCommit]) -> list[Landed]:
        mail = [mail_id for part in batch for mail_id in part.inbox_ids]
        rows = self._connection.execute(
            COMMIT,
            [
                *columns([part.run for part in batch], len(RunRow._fields)),
                worker_id,
                *columns(
                    [s for part in batch for s in part.steps], len(StepRow._fields)
                ),
                *columns(
                    [e for part in batch for e in part.events], len(EventRow._fields)
                ),
                *columns(
                    [b for part in batch for b in part.blobs], len(BlobRow._fields)
                ),
                mail,
                mail,
            ],
        )
        return [Landed(*row) for row in rows]

    def seq_of(self, run_id: UUID, epoch: int) -> int | None:
        row = self._connection.execute(
            "SELECT seq FROM flows_run WHERE id = %s AND epoch = %s", (run_id, epoch)
        ).fetchone()
        return row[0] if row else None

    def release(self, worker_id: UUID) -> None:
        self._connection.execute(
            "UPDATE flows_run SET owner_id = NULL WHERE owner_id = %s", (worker_id,)
        )

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

    def register(self, worker_id: UUID, name: str) -> None:
        self._connection.execute(
            "INSERT INTO flows_worker (id, name, started_at, beat_at)"
            " VALUES (%s, %s, now(), now())",
            (worker_id, name),
        )

    def beat(self, worker_id: UUID) -> bool:
        done = self._connection.execute(
            "UPDATE flows_worker SET beat_at = now() WHERE id = %s", (worker_id,)
        )
        return done.rowcount == 1

    def other_workers(
        self, worker_id: UUID, silent_s: float
    ) -> list[tuple[UUID, bool]]:
        return self._connection.execute(
            "SELECT id, beat_at < now() - make_interval(secs => %s)"
            " FROM flows_worker WHERE id <> %s",
            (silent_s, worker_id),
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

    def close(self) -> None:
        self._connection.close()
