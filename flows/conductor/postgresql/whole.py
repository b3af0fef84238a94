"""A run that has ended before it is stored, in one prepared statement.

The same rows by `INSERT`s of their own take twice as long: each of their 150 values is
written as text by the client and read by the server. Source: ADR 0015, ADR 0024.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection

from flows.conductor.postgresql.arrays import pack, pack_each
from flows.conductor.postgresql.sections import BLOBS, EVENTS, STEPS
from flows.conductor.postgresql.statements import Statements
from flows.conductor.rows import BlobRow, StepRow, idle
from flows.models import Run
from orchestrator_site.ledger.api import EventRow

RUN = """
WITH moved AS (
  INSERT INTO flows_run (id, workspace_id, flow_id, version_id, status, priority,
    started_by, idempotency_key, request_hash, input, result, cost_usd_micros, epoch,
    seq, head, created_at, started_at, ended_at, parent_address, depth, body, blocked,
    crashes, paused_by)
  VALUES (%b::uuid, %b::uuid, %b::uuid, %b::uuid, %b::text, %b::int, %b::text, %b::text,
    %b::bytea, %b::bytea, %b::bytea, %b::bigint, %b::bigint, %b::bigint, %b::bytea,
    %b::timestamptz, %b::timestamptz, %b::timestamptz, '', 0, '', false, 0, '')
  RETURNING id
)"""
LAST = " SELECT 1 FROM moved"
KINDS = re.findall(r"%b::(\w+)", RUN)
_names = RUN.partition("(id,")[2].partition("parent_address")[0]
COLUMNS = ("id", *re.findall(r"\w+", _names))

_statements: WeakKeyDictionary[psycopg.Connection[Any], Statements] = (
    WeakKeyDictionary()
)


class Beside(NamedTuple):
    """What is stored with a run."""

    events: Sequence[EventRow]
    steps: Sequence[StepRow]
    blobs: Sequence[BlobRow]


def insert_whole(run: Run, beside: Beside) -> None:
    """Store all of a run on Django's connection, which is in no transaction.

    Raises: IntegrityError if its key is taken; one of Django's database errors.
    """
    sql, row = RUN, tuple(getattr(run, name) for name in COLUMNS)
    values = pack_each(KINDS, [row])
    for section, rows in zip((EVENTS, STEPS, BLOBS), beside, strict=True):
        if rows:
            sql += section.sql
            values += pack(section.kinds, rows)
    connection.ensure_connection()
    with connection.wrap_database_errors:
        _of(connection.connection).run(sql + LAST, values, idle)


def _of(connected: psycopg.Connection[Any]) -> Statements:
    found = _statements.get(connected)
    if found is None:
        found = _statements[connected] = Statements(connected)
    return found
