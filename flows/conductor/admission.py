"""Giving free slots to runs that wait for one, most urgent first, then oldest.

Whoever gives out slots of a key holds that key alone meanwhile: on PostgreSQL by an
advisory lock, on SQLite as its only writer. Source: engine.md, rule 51.
"""

from typing import NamedTuple

from flows.conductor.claiming import URGENT_FIRST
from flows.conductor.matching import Execute

LOCK_CLASS = 51

# PostgreSQL knows locks of two numbers apart from those of one, as workers hold.
LOCK = f"SELECT pg_advisory_xact_lock({LOCK_CLASS}, hashtext(%s))"
TRY_LOCK = f"SELECT pg_try_advisory_xact_lock({LOCK_CLASS}, hashtext(%s))"

# Keys with room for somebody who waits.
OPEN_KEYS = """
SELECT waiting.slot_key FROM (
  SELECT slot_key, max(slot_limit) AS most FROM flows_run
  WHERE blocked AND ended_at IS NULL GROUP BY slot_key
) AS waiting
WHERE (SELECT count(*) FROM flows_slot s WHERE s.key = waiting.slot_key) < waiting.most
"""
TAKEN = "SELECT n FROM flows_slot WHERE key = %s"
# A parked run that has let go of its slot asks for one again when it has mail; one that
# is to be cancelled ends without.
NEXT = f"""
SELECT id, slot_limit FROM flows_run r
WHERE slot_key = %s AND blocked AND owner_id IS NULL AND ended_at IS NULL
AND (
  status IN ('queued', 'running')
  OR EXISTS (SELECT 1 FROM flows_inbox i WHERE i.run_id = r.id)
)
AND NOT EXISTS (
  SELECT 1 FROM flows_inbox i WHERE i.run_id = r.id AND i.kind = 'cancel'
)
{URGENT_FIRST} LIMIT %s
"""  # noqa: S608  a constant of another module
SKIP_LOCKED = " FOR NO KEY UPDATE SKIP LOCKED"
MOST_SLOTS = 1000


class Admitted(NamedTuple):
    """A run that now has a slot; `id` is as the database gave it."""

    id: object
    n: int


def admit(execute: Execute, key: str, *, skip_locked: bool) -> list[Admitted]:
    """Give the free slots of a key away, in the caller's transaction, with its lock."""
    taken = {n for (n,) in execute(TAKEN, [key])}
    waiting = execute(NEXT + (SKIP_LOCKED if skip_locked else ""), [key, MOST_SLOTS])
    admitted = []
    for run_id, limit in waiting:
        free = next((n for n in range(1, limit + 1) if n not in taken), None)
        if len(taken) >= limit or free is None:
            break  # nobody overtakes a run that is more urgent or older
        taken.add(free)
        execute(
            "INSERT INTO flows_slot (key, n, run_id) VALUES (%s, %s, %s) RETURNING n",
            [key, free, run_id],
        )
        execute(
            "UPDATE flows_run SET blocked = false WHERE id = %s RETURNING id", [run_id]
        )
        admitted.append(Admitted(run_id, free))
    return admitted
