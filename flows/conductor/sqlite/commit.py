"""What one run puts into a joined commit, as plain statements in its transaction."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from flows.conductor.rows import (
    Child,
    ChildRow,
    OutboxRow,
    RemoteRow,
    RunCommit,
    SignalRow,
    StepRow,
    WaitRow,
)
from orchestrator_site.ledger.api import EventRow

Many = Callable[[str, Sequence[Sequence[Any]]], None]
Run = Callable[..., Any]

MOVE = """
UPDATE flows_run SET seq = ?, head = ?, status = ?, result = coalesce(?, result),
  cost_usd_micros = cost_usd_micros + ?, crashes = CASE WHEN ? THEN 0 ELSE crashes END,
  started_at = coalesce(started_at, ?), ended_at = ?,
  paused_at = CASE WHEN ? <> '' THEN coalesce(paused_at, ?) END, paused_by = ?,
  blocked = blocked AND ? IS NULL OR ? AND slot_key IS NOT NULL,
  owner_id = CASE WHEN ? = 'running' THEN owner_id END
WHERE id = ? AND epoch = ? AND seq = ? AND owner_id = ?
"""


def _insert(table: str, names: Iterable[str], verb: str = "INSERT") -> str:
    listed = list(names)
    marks = ", ".join("?" * len(listed))
    return f"{verb} INTO {table} ({', '.join(listed)}) VALUES ({marks})"


STEP = f"""
{_insert("flows_step", StepRow._fields)}
ON CONFLICT (run_id, address, attempt) DO UPDATE SET
  status = excluded.status, port = excluded.port, result = excluded.result,
  model = excluded.model, model_version = excluded.model_version,
  cost_usd_micros = excluded.cost_usd_micros, duration_ms = excluded.duration_ms,
  started_at = excluded.started_at, ended_at = excluded.ended_at, seq = excluded.seq
WHERE flows_step.status IN ('pending', 'running', 'waiting', 'in_doubt', 'detached')
"""
EVENT = _insert("ledger_event", EventRow._fields)
BLOB = _insert("ledger_blob", ("owner_id", "digest", "data"), "INSERT OR IGNORE")
WAIT = _insert("flows_wait", WaitRow._fields)
REMOTE = _insert("flows_remote", RemoteRow._fields)
WITHDRAW = """
DELETE FROM flows_remote WHERE run_id = ? AND address = ?
AND (owner_id IS NULL OR NOT is_once)
"""
# Time in which the run was paused does not count. Django writes six digits of a second.
DELAY = """
UPDATE flows_wait SET due_at =
  strftime('%Y-%m-%d %H:%M:%f', due_at, printf('%+.3f seconds', ?)) || '000'
WHERE run_id = ? AND kind = 'deadline'
"""
SIGNAL = f"""
{_insert("flows_signal", SignalRow._fields)}
ON CONFLICT (workspace_id, message_id) DO NOTHING
"""
MAIL = f"""
INSERT INTO flows_inbox ({", ".join(OutboxRow._fields)}, created_at)
SELECT ?, ?, ?, ?, ?, strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE EXISTS (SELECT 1 FROM flows_run WHERE id = ?)
"""  # noqa: S608  names of this package
# A child whose line has a slot of its key already would wait for its own ancestor.
INHERITS = """
WITH RECURSIVE line AS (
  SELECT parent_id, slot_key FROM flows_run WHERE id = ?
  UNION ALL
  SELECT p.parent_id, p.slot_key FROM flows_run p JOIN line ON p.id = line.parent_id
) SELECT 1 FROM line WHERE slot_key = ? LIMIT 1
"""
BORN = f"""
{
    _insert(
        "flows_run",
        (
            *ChildRow._fields,
            "blocked",
            "status",
            "request_hash",
            "cost_usd_micros",
            "epoch",
            "crashes",
            "seq",
        ),
    )
}
ON CONFLICT (id) DO NOTHING
"""


def move(run: Run, worker_id: UUID, part: RunCommit) -> bool:
    """Change the run's row; whether it passed the fence."""
    moved = run(
        MOVE,
        part.new_seq,
        part.head,
        part.status,
        part.result,
        part.cost_usd_micros,
        part.progressed,
        part.started_at,
        part.ended_at,
        part.paused_by,
        part.started_at,
        part.paused_by,
        part.ended_at,
        part.frees_slot,
        part.status,
        part.id,
        part.epoch,
        part.old_seq,
        worker_id,
    )
    return bool(moved.rowcount == 1)


def insert(run: Run, many: Many, part: RunCommit) -> None:
    """Store all that belongs to a run which passed the fence."""
    many(STEP, part.steps)
    many(EVENT, part.events)
    many(BLOB, part.blobs)
    many("DELETE FROM flows_inbox WHERE id = ?", [(one,) for one in part.inbox_ids])
    _close(run, many, part)
    if part.paused_for:
        run(DELAY, part.paused_for.total_seconds(), part.id)
    many(WAIT, part.new_waits)
    many(WITHDRAW, [(part.id, address) for address in part.remotes_withdrawn])
    many(REMOTE, part.remotes)
    for child in part.children:
        _bear(run, many, child)
    many(MAIL, [(*mail, mail[0]) for mail in part.outbox])
    many(SIGNAL, part.signals)


def _close(run: Run, many: Many, part: RunCommit) -> None:
    """Drop what the run does not wait for any more, and its slot where it lets go."""
    if part.ended_at:
        run("DELETE FROM flows_wait WHERE run_id = ?", part.id)
        run("DELETE FROM flows_delivery WHERE run_id = ?", part.id)
    if part.ended_at or part.frees_slot:
        run("DELETE FROM flows_slot WHERE run_id = ?", part.id)
    many(
        "DELETE FROM flows_wait WHERE run_id = ? AND address = ?",
        [(part.id, address) for address in part.waits_closed],
    )
    many(
        "DELETE FROM flows_delivery WHERE run_id = ? AND address = ?",
        [(part.id, address) for address in part.undelivered],
    )


def _bear(run: Run, many: Many, child: Child) -> None:
    row = child.run
    if row.slot_key and run(INHERITS, row.parent_id, row.slot_key).fetchone():
        row = row._replace(slot_key=None, slot_limit=None)
    is_blocked = row.slot_key is not None
    born = run(BORN, *row, is_blocked, "queued", b"", 0, 0, 0, 1)
    if born.rowcount != 1:
        return
    many(EVENT, [child.first])
    many(BLOB, [child.blob] if child.blob else [])
    if child.deadline:
        many(
            WAIT,
            [WaitRow(row.id, row.workspace_id, "", 1, "deadline", child.deadline)],
        )
