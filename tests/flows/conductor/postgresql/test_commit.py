"""A run's commit stores the same whether it goes alone or in a batch."""

import pytest
from django.utils import timezone

from flows.conductor.postgresql.commit import FEW, statement
from flows.conductor.rows import BlobRow, RunCommit, StepRow
from flows.conductor.store import open_store
from flows.models import Run, Step
from orchestrator_site.ledger.api import Blob, Event, EventRow
from tests.factories.flows import make_flow, make_run
from tests.flows.conductor.holding import Holder, part_of


@pytest.fixture
def holder(transactional_db):
    store = open_store()
    yield Holder(store)
    store.close()


def make_part(run: Run, steps: int, **changes) -> RunCommit:
    """So many steps have ended, each with its event."""
    part = part_of(run, progressed=True, **changes)
    now = timezone.now()
    for number in range(steps):
        part.new_seq += 1
        part.put(
            StepRow(
                run_id=run.pk,
                address=f"step_{number}",
                attempt=1,
                node_id=f"step_{number}",
                type="transform",
                status="completed",
                port="out" if number % 2 else None,
                result=bytes([number]) * 20,
                model=None,
                model_version=None,
                cost_usd_micros=2**40 + number,
                duration_ms=number,
                started_at=now,
                ended_at=now,
                seq=part.new_seq,
            )
        )
        part.events.append(
            EventRow(
                run.pk, part.new_seq, run.workspace_id, now, "step.x", b"{}", bytes(32)
            )
        )
    return part


def stored(run: Run) -> list[dict]:
    rows = Step.objects.filter(run=run).order_by("seq").values()
    kept = [{name: row[name] for name in row if name != "run_id"} for row in rows]
    for row in kept:
        row["result"] = bytes(row["result"])
        del row["started_at"], row["ended_at"]
    return kept


@pytest.mark.parametrize("steps", [0, 1, 2, FEW, FEW + 1, 30])
def test_run_alone_stores_what_it_stores_in_a_batch(holder, steps):
    flow = make_flow()
    alone, joined, beside = (make_run(flow=flow) for _ in range(3))
    holder.claim()
    assert holder.commit(make_part(alone, steps)) == [alone.pk]
    batch = [make_part(joined, steps), make_part(beside, 1)]
    assert set(holder.commit(*batch)) == {joined.pk, beside.pk}
    assert stored(alone) == stored(joined)
    assert len(stored(alone)) == steps
    assert Event.objects.filter(chain_id=alone.pk).count() == steps + 1
    alone.refresh_from_db()
    joined.refresh_from_db()
    assert alone.seq == joined.seq == steps + 1


def test_run_that_ends_alone_leaves_nothing_behind(holder):
    run = make_run()
    holder.claim()
    now = timezone.now()
    ended = make_part(run, 1, status="completed", ended_at=now, result=b"x")
    assert holder.commit(ended) == [run.pk]
    run.refresh_from_db()
    assert (run.status, run.ended_at, run.owner_id) == ("completed", now, None)
    assert bytes(run.result) == b"x"


def test_run_alone_is_fenced_like_any_other(holder):
    run = make_run()
    holder.claim()
    late = make_part(run, 1)
    assert holder.commit(make_part(run, 1)) == [run.pk]
    assert holder.commit(late) == []
    assert Step.objects.count() == 1


def test_one_run_takes_the_same_statement_each_time(holder):
    run = make_run()
    holder.claim()
    first, second = (statement(holder.id, [make_part(run, 1)])[0] for _ in range(2))
    assert first is second
    assert "unnest" not in first


def test_large_payloads_of_a_run_alone_are_stored_with_its_steps(holder):
    flow = make_flow()
    alone, joined, beside = (make_run(flow=flow) for _ in range(3))
    holder.claim()
    for runs in ((alone,), (joined, beside)):
        parts = [make_part(run, 1) for run in runs]
        for part in parts:
            part.blobs = [BlobRow(part.id, bytes([at]) * 32, b"x") for at in range(2)]
        assert set(holder.commit(*parts)) == {run.pk for run in runs}
    for run in (alone, joined, beside):
        assert Blob.objects.filter(owner_id=run.pk).count() == 2
