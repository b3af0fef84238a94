"""What the sweep moves on PostgreSQL: one indexed statement each, safe for several."""

from flows.conductor.claiming import COUNTS, LOSSES_ALLOWED

BATCH = 1000

# The deadline of a paused run moves on with the pause.
DUE = f"""
WITH due AS (
  DELETE FROM flows_wait WHERE id IN (
    SELECT id FROM flows_wait w WHERE due_at <= now() AND {COUNTS}
    ORDER BY due_at LIMIT {BATCH} FOR UPDATE SKIP LOCKED
  )
  RETURNING id, run_id, address, attempt, kind, due_at, port
)
INSERT INTO flows_inbox (run_id, kind, actor, address, body, created_at)
SELECT run_id, kind, 'system:timer', address, convert_to(json_build_object(
  'wait', id, 'port', port, 'attempt', attempt, 'due', due_at
)::text, 'UTF8'), now()
FROM due ORDER BY due_at, id
"""  # noqa: S608  a number of this module

# The pause keeps whoever delivers at this moment from meeting a signal that is gone.
EXPIRED = f"""
WITH expired AS (
  DELETE FROM flows_signal WHERE id IN (
    SELECT id FROM flows_signal WHERE expires_at < now() - interval '60 s'
    ORDER BY expires_at LIMIT {BATCH} FOR UPDATE SKIP LOCKED
  )
  RETURNING id
)
DELETE FROM flows_delivery d USING expired WHERE d.signal_id = expired.id
"""  # noqa: S608  a number of this module

LEFT_SLOTS = """
DELETE FROM flows_slot s USING flows_run r
WHERE r.id = s.run_id AND r.ended_at IS NOT NULL
"""

ANY_REMOTE = "SELECT 1 FROM flows_remote LIMIT 1"
ORPHANED = """owner_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM flows_worker w WHERE w.id = r.owner_id)"""
LOST_REMOTES = f"""
WITH lost AS (
  DELETE FROM flows_remote r WHERE {ORPHANED} AND (is_once OR lost >= {LOSSES_ALLOWED})
  RETURNING run_id, address, attempt
)
INSERT INTO flows_inbox (run_id, kind, actor, address, body, created_at)
SELECT run_id, 'remote', 'system:worker', address, convert_to(json_build_object(
  'attempt', attempt, 'is_lost', true
)::text, 'UTF8'), now()
FROM lost
"""  # noqa: S608  constants of this package
FREED_REMOTES = f"""
UPDATE flows_remote r SET owner_id = NULL, taken_at = NULL, lost = lost + 1
WHERE {ORPHANED} AND NOT is_once AND lost < {LOSSES_ALLOWED}
"""  # noqa: S608  constants of this package
LEFT_REMOTES = """
DELETE FROM flows_remote r USING flows_run x
WHERE x.id = r.run_id AND x.ended_at IS NOT NULL
  AND (r.owner_id IS NULL OR NOT r.is_once)
"""

LATE_MAIL = """
DELETE FROM flows_inbox i USING flows_run r
WHERE r.id = i.run_id AND r.ended_at IS NOT NULL
"""
