"""Bringing events to the steps that wait for them, whichever came first.

Called after the commit that stored an event or a wait, in a moment of its own: of two
that commit at once at least the later look sees both. Looking twice does no harm, since
a delivery exists once. The sweep is the net. Source: engine.md, rule 16.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

# Runs a statement with `%s` for its values and gives its rows.
Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
Scope = Literal["runs", "signals", "all"]

BATCH = 1000
SCOPES = {"runs": "w.run_id IN ({})", "signals": "s.id IN ({})", "all": "1 = 1"}

# An event for one run asks for no key. The order keeps two who look at once from
# waiting for each other, and gives the oldest event to the step that waited longest.
PAIRS = """
SELECT signal_id, run_id, address, port FROM (
  SELECT s.id AS signal_id, s.created_at, w.id AS wait_id, w.run_id, w.address, w.port
  FROM flows_wait w JOIN flows_signal s
    ON s.workspace_id = w.workspace_id AND s.name = w.name AND s.key = w.key
  WHERE w.kind = 'event' AND s.run_id IS NULL AND s.expires_at > {now} AND {scope}
  UNION ALL
  SELECT s.id, s.created_at, w.id, w.run_id, w.address, w.port
  FROM flows_wait w JOIN flows_signal s ON s.run_id = w.run_id AND s.name = w.name
  WHERE w.kind = 'event' AND s.expires_at > {now} AND {scope}
) AS pair
WHERE NOT EXISTS (
  SELECT 1 FROM flows_delivery d
  WHERE d.run_id = pair.run_id
    AND (d.signal_id = pair.signal_id OR d.address = pair.address)
)
ORDER BY run_id, wait_id, created_at, signal_id LIMIT {limit}
"""

POSTGRESQL = """
WITH delivered AS (
  INSERT INTO flows_delivery (signal_id, run_id, address, port)
  {pairs}
  ON CONFLICT DO NOTHING
  RETURNING signal_id, run_id, address, port
)
INSERT INTO flows_inbox (run_id, kind, actor, address, body, created_at)
SELECT d.run_id, 'event', s.actor, d.address, convert_to(json_build_object(
  'signal', s.id, 'port', d.port, 'data_cell', encode(s.body, 'hex')
)::text, 'UTF8'), now()
FROM delivered d JOIN flows_signal s ON s.id = d.signal_id
ORDER BY s.created_at, s.id
RETURNING run_id
"""

SQLITE_DELIVERY = """
INSERT OR IGNORE INTO flows_delivery (signal_id, run_id, address, port)
{pairs}
RETURNING signal_id, run_id
"""
SQLITE_MAIL = """
INSERT INTO flows_inbox (run_id, kind, actor, address, body, created_at)
SELECT d.run_id, 'event', s.actor, d.address, CAST(json_object(
  'signal', s.id, 'port', d.port, 'data_cell', hex(s.body)
) AS BLOB), strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')
FROM flows_delivery d JOIN flows_signal s ON s.id = d.signal_id
WHERE d.signal_id = %s AND d.run_id = %s
"""


def deliver_postgresql(execute: Execute, scope: Scope, ids: Sequence[object]) -> int:
    """Deliver in one statement; how many events found a step."""
    pairs = _pairs(scope, ids, now="now()")
    return len(execute(POSTGRESQL.format(pairs=pairs), [*ids, *ids]))


def deliver_sqlite(execute: Execute, scope: Scope, ids: Sequence[object]) -> int:
    """Deliver in the caller's immediate transaction; how many events found a step."""
    pairs = _pairs(scope, ids, now="strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')")
    delivered = execute(SQLITE_DELIVERY.format(pairs=pairs), [*ids, *ids])
    for row in delivered:
        execute(SQLITE_MAIL, row)
    return len(delivered)


def pairs_sqlite() -> str:
    """Whatever would be delivered now: a look that takes no write lock."""
    return _pairs("all", (), now="strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')", limit=1)


def _pairs(scope: Scope, ids: Sequence[object], *, now: str, limit: int = BATCH) -> str:
    chosen = SCOPES[scope].format(", ".join(["%s"] * len(ids)))
    return PAIRS.format(scope=chosen, now=now, limit=limit)
