"""The parts of the joined commit: what each stores, and the rows it takes for that.

Everything joins `moved`, the runs whose fence let them pass.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from flows.conductor.postgresql.arrays import casts
from flows.conductor.rows import RunCommit

Batch = Sequence[RunCommit]

# Written so that the index of owners does not fit: it led through all that this worker
# holds for each row of the batch.
MOVED_SQL = """
WITH batch AS (
  SELECT * FROM unnest(
    %b::uuid[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[], %b::text[],
    %b::bytea[], %b::bigint[], %b::boolean[], %b::timestamptz[], %b::timestamptz[],
    %b::boolean[], %b::text[]
  ) AS b(id, epoch, old_seq, new_seq, head, status, result, cost, progressed,
         started_at, ended_at, frees_slot, paused_by)
), moved AS (
  UPDATE flows_run r SET
    seq = b.new_seq, head = b.head, status = b.status,
    result = coalesce(b.result, r.result),
    cost_usd_micros = r.cost_usd_micros + b.cost,
    crashes = CASE WHEN b.progressed THEN 0 ELSE r.crashes END,
    started_at = coalesce(r.started_at, b.started_at),
    ended_at = b.ended_at,
    paused_at = CASE WHEN b.paused_by <> '' THEN coalesce(r.paused_at, now()) END,
    paused_by = b.paused_by,
    blocked = r.blocked AND b.ended_at IS NULL
      OR b.frees_slot AND r.slot_key IS NOT NULL,
    owner_id = CASE WHEN b.status = 'running' THEN r.owner_id END
  FROM batch b
  WHERE r.id = b.id AND r.epoch = b.epoch AND r.seq = b.old_seq
    AND (r.owner_id = %s) IS TRUE
  RETURNING r.id, r.ended_at IS NOT NULL AS is_over, b.frees_slot
)"""

# How many inbox rows a run still has; those inserted by this statement do not show.
LANDED = """
SELECT moved.id, EXISTS (
  SELECT 1 FROM flows_inbox i
  WHERE i.run_id = moved.id AND NOT i.id = ANY(%b::bigint[])
) FROM moved
"""


@dataclass(frozen=True)
class Section:
    """A part of the statement and the rows it takes; left out where it has none."""

    sql: str
    rows: Callable[[Batch], Iterable[tuple[Any, ...]]]

    @cached_property
    def kinds(self) -> list[str]:
        """The types of its columns."""
        return casts(self.sql)


MOVED = Section(MOVED_SQL, lambda batch: (part.run for part in batch))
STEPS = Section(
    """, steps AS (
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
  WHERE flows_step.status IN ('pending', 'running', 'waiting', 'in_doubt', 'detached')
)""",
    lambda batch: (step for part in batch for step in part.steps),
)
EVENTS = Section(
    """, events AS (
  INSERT INTO ledger_event (chain_id, seq, workspace_id, at, kind, body, hash)
  SELECT e.* FROM unnest(
    %b::uuid[], %b::bigint[], %b::uuid[], %b::timestamptz[], %b::text[], %b::bytea[],
    %b::bytea[]
  ) AS e(chain_id, seq, workspace_id, at, kind, body, hash)
  JOIN moved ON moved.id = e.chain_id
)""",
    lambda batch: (event for part in batch for event in part.events),
)
BLOBS = Section(
    """, blobs AS (
  INSERT INTO ledger_blob (owner_id, digest, data)
  SELECT b.* FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[])
    AS b(owner_id, digest, data)
  JOIN moved ON moved.id = b.owner_id
  ON CONFLICT DO NOTHING
)""",
    lambda batch: (blob for part in batch for blob in part.blobs),
)
MAIL = Section(
    """, mail AS (
  DELETE FROM flows_inbox i USING moved
  WHERE i.run_id = moved.id AND i.id = ANY(%b::bigint[])
)""",
    lambda batch: ((mail_id,) for part in batch for mail_id in part.inbox_ids),
)
# Every part of the statement sees the same moment, so that this spares new waits.
CLOSED = Section(
    """, closed AS (
  DELETE FROM flows_wait w
  USING moved JOIN unnest(%b::uuid[], %b::text[]) AS c(run_id, address)
    ON moved.id = c.run_id
  WHERE w.run_id = c.run_id AND w.address = c.address
)""",
    lambda batch: (
        (part.id, address)
        for part in batch
        if not part.ended_at
        for address in dict.fromkeys(part.waits_closed)
    ),
)
# Time in which a run was paused does not count.
DELAYED = Section(
    """, delayed AS (
  UPDATE flows_wait w SET due_at = w.due_at + d.paused_us * interval '1 microsecond'
  FROM moved JOIN unnest(%b::uuid[], %b::bigint[]) AS d(run_id, paused_us)
    ON moved.id = d.run_id
  WHERE w.run_id = d.run_id AND w.kind = 'deadline'
)""",
    lambda batch: (
        (part.id, part.paused_for // timedelta(microseconds=1))
        for part in batch
        if part.paused_for
    ),
)
WAITS = Section(
    """, waits AS (
  INSERT INTO flows_wait (run_id, workspace_id, address, attempt, kind, due_at, name,
    key, port)
  SELECT w.* FROM unnest(
    %b::uuid[], %b::uuid[], %b::text[], %b::int[], %b::text[], %b::timestamptz[],
    %b::text[], %b::text[], %b::text[]
  ) AS w(run_id, workspace_id, address, attempt, kind, due_at, name, key, port)
  JOIN moved ON moved.id = w.run_id
)""",
    lambda batch: (wait for part in batch for wait in part.new_waits),
)
WITHDRAWN = Section(
    """, withdrawn AS (
  DELETE FROM flows_remote r
  USING moved JOIN unnest(%b::uuid[], %b::text[]) AS w(run_id, address)
    ON moved.id = w.run_id
  WHERE r.run_id = w.run_id AND r.address = w.address
    AND (r.owner_id IS NULL OR NOT r.is_once)
)""",
    lambda batch: (
        (part.id, address)
        for part in batch
        for address in dict.fromkeys(part.remotes_withdrawn)
    ),
)
REMOTES = Section(
    """, remotes AS (
  INSERT INTO flows_remote (id, run_id, workspace_id, address, attempt, queue, computes,
    is_once, priority, timeout_ms, request, lost, created_at)
  SELECT r.* FROM unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::int[], %b::text[],
    %b::boolean[], %b::boolean[], %b::int[], %b::int[], %b::bytea[], %b::int[],
    %b::timestamptz[]
  ) AS r(id, run_id, workspace_id, address, attempt, queue, computes, is_once, priority,
         timeout_ms, request, lost, created_at)
  JOIN moved ON moved.id = r.run_id
)""",
    lambda batch: (row for part in batch for row in part.remotes),
)
UNDELIVERED = Section(
    """, undelivered AS (
  DELETE FROM flows_delivery d
  USING moved JOIN unnest(%b::uuid[], %b::text[]) AS u(run_id, address)
    ON moved.id = u.run_id
  WHERE d.run_id = u.run_id AND d.address = u.address
)""",
    lambda batch: (
        (part.id, address)
        for part in batch
        if not part.ended_at
        for address in dict.fromkeys(part.undelivered)
    ),
)
# A child whose line has a slot of its key already would wait for its own ancestor.
BORN = Section(
    """, born AS (
  INSERT INTO flows_run (id, parent_id, parent_address, workspace_id, flow_id,
    version_id, started_by, input, depth, body, priority, slot_key, slot_limit, blocked,
    status, request_hash, cost_usd_micros, epoch, crashes, seq, head, created_at)
  SELECT c.id, c.parent_id, c.parent_address, c.workspace_id, c.flow_id,
    c.version_id, c.started_by, c.input, c.depth, c.body, c.priority,
    CASE WHEN NOT c.inherits THEN c.slot_key END,
    CASE WHEN NOT c.inherits THEN c.slot_limit END,
    c.slot_key IS NOT NULL AND NOT c.inherits,
    'queued', '', 0, 0, 0, 1, c.head, c.created_at
  FROM (
    SELECT c.*, EXISTS (
      WITH RECURSIVE line AS (
        SELECT p.parent_id, p.slot_key FROM flows_run p WHERE p.id = c.parent_id
        UNION ALL
        SELECT p.parent_id, p.slot_key FROM flows_run p JOIN line
          ON p.id = line.parent_id
      ) SELECT 1 FROM line WHERE line.slot_key = c.slot_key
    ) AS inherits
    FROM unnest(
      %b::uuid[], %b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::uuid[],
      %b::text[], %b::bytea[], %b::int[], %b::text[], %b::int[], %b::text[], %b::int[],
      %b::bytea[], %b::timestamptz[]
    ) AS c(id, parent_id, parent_address, workspace_id, flow_id, version_id, started_by,
           input, depth, body, priority, slot_key, slot_limit, head, created_at)
    JOIN moved ON moved.id = c.parent_id
  ) AS c
  ON CONFLICT (id) DO NOTHING
  RETURNING id
)""",
    lambda batch: (child.run for part in batch for child in part.children),
)
FIRST_EVENTS = Section(
    """, first_events AS (
  INSERT INTO ledger_event (chain_id, seq, workspace_id, at, kind, body, hash)
  SELECT e.* FROM unnest(
    %b::uuid[], %b::bigint[], %b::uuid[], %b::timestamptz[], %b::text[], %b::bytea[],
    %b::bytea[]
  ) AS e(chain_id, seq, workspace_id, at, kind, body, hash)
  JOIN born ON born.id = e.chain_id
)""",
    lambda batch: (child.first for part in batch for child in part.children),
)
INPUTS = Section(
    """, inputs AS (
  INSERT INTO ledger_blob (owner_id, digest, data)
  SELECT b.* FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[])
    AS b(owner_id, digest, data)
  JOIN born ON born.id = b.owner_id
  ON CONFLICT DO NOTHING
)""",
    lambda batch: (
        child.blob for part in batch for child in part.children if child.blob
    ),
)
DEADLINES = Section(
    """, deadlines AS (
  INSERT INTO flows_wait (run_id, workspace_id, address, attempt, kind, due_at, name,
    key, port)
  SELECT d.run_id, d.workspace_id, '', 1, 'deadline', d.due_at, '', '', ''
  FROM unnest(%b::uuid[], %b::uuid[], %b::timestamptz[])
    AS d(run_id, workspace_id, due_at)
  JOIN born ON born.id = d.run_id
)""",
    lambda batch: (
        (child.run.id, child.run.workspace_id, child.deadline)
        for part in batch
        for child in part.children
        if child.deadline
    ),
)
# A run that this very statement starts does not show yet.
OUTBOX = Section(
    """, outbox AS (
  INSERT INTO flows_inbox (run_id, kind, actor, address, body, created_at)
  SELECT o.run_id, o.kind, o.actor, o.address, o.body, now() FROM unnest(
    %b::uuid[], %b::boolean[], %b::uuid[], %b::text[], %b::text[], %b::text[],
    %b::bytea[]
  ) AS o(sender_id, is_to_newborn, run_id, kind, actor, address, body)
  JOIN moved ON moved.id = o.sender_id
  WHERE o.is_to_newborn OR EXISTS (SELECT 1 FROM flows_run r WHERE r.id = o.run_id)
)""",
    lambda batch: (
        (part.id, part.bears(mail[0]), *mail) for part in batch for mail in part.outbox
    ),
)
SIGNALS = Section(
    """, signals AS (
  INSERT INTO flows_signal (id, workspace_id, name, key, message_id, actor, body,
    expires_at, created_at)
  SELECT s.id, s.workspace_id, s.name, s.key, s.message_id, s.actor, s.body,
    s.expires_at, s.created_at
  FROM unnest(
    %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::bytea[], %b::timestamptz[], %b::timestamptz[]
  ) AS s(sender_id, id, workspace_id, name, key, message_id, actor, body, expires_at,
         created_at)
  JOIN moved ON moved.id = s.sender_id
  ON CONFLICT (workspace_id, message_id) DO NOTHING
)""",
    lambda batch: ((part.id, *signal) for part in batch for signal in part.signals),
)
# What nearly every commit has, and what few have.
COMMON = (STEPS, EVENTS)
RARE = (
    BLOBS,
    MAIL,
    CLOSED,
    DELAYED,
    WAITS,
    WITHDRAWN,
    REMOTES,
    UNDELIVERED,
    BORN,
    FIRST_EVENTS,
    INPUTS,
    DEADLINES,
    OUTBOX,
    SIGNALS,
)
# What a run leaves behind goes with the commit that ends it.
OVER = """, over_waits AS (
  DELETE FROM flows_wait w USING moved WHERE w.run_id = moved.id AND moved.is_over
), over_deliveries AS (
  DELETE FROM flows_delivery d USING moved WHERE d.run_id = moved.id AND moved.is_over
), freed AS (
  DELETE FROM flows_slot s USING moved
  WHERE s.run_id = moved.id AND (moved.is_over OR moved.frees_slot)
)"""
