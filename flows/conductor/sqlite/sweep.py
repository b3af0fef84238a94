"""What the sweep does about steps in queues; whoever only looks takes no write lock."""

from flows.conductor.claiming import LOSSES_ALLOWED

ORPHANED = """owner_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM flows_worker w WHERE w.id = owner_id)"""
LEFT = """(owner_id IS NULL OR NOT is_once)
  AND EXISTS (SELECT 1 FROM flows_run r WHERE r.id = run_id AND r.ended_at IS NOT NULL)"""
LOST = f"{ORPHANED} AND (is_once OR lost >= {LOSSES_ALLOWED})"

LOOK_FOR_REMOTES = f"""
SELECT 1 FROM flows_remote WHERE {ORPHANED} OR {LEFT} LIMIT 1
"""  # noqa: S608  constants of this package
DROP_LEFT = f"DELETE FROM flows_remote WHERE {LEFT}"  # noqa: S608
TELL_LOST = f"""
INSERT INTO flows_inbox (run_id, kind, actor, address, body, created_at)
SELECT run_id, 'remote', 'system:worker', address, CAST(json_object(
  'attempt', attempt, 'is_lost', json('true')
) AS BLOB), strftime('%Y-%m-%d %H:%M:%f', 'now')
FROM flows_remote WHERE {LOST}
"""  # noqa: S608
DROP_LOST = f"DELETE FROM flows_remote WHERE {LOST}"  # noqa: S608
FREE = f"""
UPDATE flows_remote SET owner_id = NULL, taken_at = NULL, lost = lost + 1
WHERE {ORPHANED}
"""  # noqa: S608
