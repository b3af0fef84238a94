"""Which runs a worker may claim, in SQL that both databases read alike."""

from flows.conductor.rows import ClaimedRun

CLAIMED = ", ".join(ClaimedRun._fields)

# Ready runs, in the order of their index: the most urgent first, then the oldest.
READY = "status IN ('queued', 'running') AND owner_id IS NULL AND NOT blocked"
URGENT_FIRST = "ORDER BY priority DESC, id"

# Runs that have mail, whatever their state. A run without its slot, or set aside as
# poisoned, only ever ends; a paused one also goes on, a poisoned one once released.
ADDRESSED = """
owner_id IS NULL AND ended_at IS NULL AND id IN (SELECT run_id FROM flows_inbox)
AND (
  status NOT IN ('poisoned', 'paused') AND NOT blocked
  OR id IN (SELECT run_id FROM flows_inbox WHERE kind = 'cancel')
  OR status = 'paused' AND NOT blocked
  AND id IN (SELECT run_id FROM flows_inbox WHERE kind = 'resume')
  OR status = 'poisoned' AND NOT blocked
  AND id IN (SELECT run_id FROM flows_inbox WHERE kind = 'release')
)
"""

# Waits whose time counts: a paused run has no deadline until it goes on.
COUNTS = """
(w.kind <> 'deadline'
  OR (SELECT r.status FROM flows_run r WHERE r.id = w.run_id) <> 'paused')
"""

# Workers that may die while they have a step of a queue; it is lost with the next.
LOSSES_ALLOWED = 2


def in_order(claimed: list[ClaimedRun]) -> list[ClaimedRun]:
    """The most urgent first, then the oldest."""
    return sorted(claimed, key=lambda run: (-run.priority, run.id))
