"""Whether a step costs the same in long runs, in wide ones, and beside many stored ones."""

import os
from functools import partial

from django.db import connection

from flows.models import Run
from tests.bench.documents import chain, each
from tests.bench.figures import (
    RUNS,
    STORED,
    Figure,
    answer,
    figure,
    memory_mb,
    play,
)
from tests.bench.runs import Ends, drive, ring_and_wait, store
from tests.bench.stack import workers

LENGTHS, WIDTHS, ROUNDS = (10, 100, 1000), (1000, 10_000), 5
BATCH = 50_000


def measure() -> None:
    for length in LENGTHS:
        flow = chain("committed", length)
        drive(flow, {"n": 1})
        answer([_a_step(f"chain of {length}", partial(drive, flow, {"n": 1}), length)])
    before = memory_mb(os.getpid())
    for width in WIDTHS:
        flow, value = each(width), {"items": list(range(width))}
        drive(flow, value)
        answer([_a_step(f"map over {width}", partial(drive, flow, value), width)])
    grown = memory_mb(os.getpid()) - before
    answer([figure("Baton", f"memory, map over {WIDTHS[-1]}", [grown], "MB")])
    if stored := int(os.environ.get(STORED) or 0):
        _measure_beside(stored)


def _a_step(what: str, round_, steps: int) -> Figure:
    micros = [round_() * 1e6 / steps for _ in range(ROUNDS)]
    return figure("Baton", f"{what}, a step", micros, "us")


def _measure_beside(stored: int) -> None:
    flow, ends = chain("committed"), Ends()
    values = [{"n": number} for number in range(RUNS)]
    with workers(1):
        last = ends.last_of(flow, values[0])
        pattern = Run.objects.filter(flow=flow).get().pk
        for how in (", few stored", ", many stored"):
            if how == ", many stored":
                _store_ended(pattern, stored)
            answer(
                [
                    play("Baton", "W1", partial(drive, flow, values[0]), how=how),
                    play(
                        "Baton",
                        "W3",
                        lambda: ring_and_wait(ends, store(flow, values), last),
                        how=how,
                    ),
                ]
            )
    ends.close()


def _store_ended(pattern, count: int) -> None:
    """Copy a run that has ended, with its steps and events, so many times."""
    columns = [field.column for field in Run._meta.fields if field.column != "id"]
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        for start in range(0, count, BATCH):
            cursor.execute(
                f"""
                WITH copies AS (
                  INSERT INTO flows_run (id, {listed})
                  SELECT gen_random_uuid(), {listed}
                  FROM flows_run, generate_series(1, %s) WHERE id = %s
                  RETURNING id
                ), steps AS (
                  INSERT INTO flows_step (run_id, address, attempt, node_id, type,
                    status, port, result, cost_usd_micros, seq)
                  SELECT copies.id, address, attempt, node_id, type, status, port,
                    result, cost_usd_micros, seq
                  FROM copies, flows_step WHERE run_id = %s
                )
                INSERT INTO ledger_event (chain_id, seq, workspace_id, at, kind, body,
                  hash)
                SELECT copies.id, seq, workspace_id, at, kind, body, hash
                FROM copies, ledger_event WHERE chain_id = %s
                """,
                [min(BATCH, count - start), pattern, pattern, pattern],
            )
        cursor.execute("VACUUM ANALYZE flows_run, flows_step, ledger_event")
