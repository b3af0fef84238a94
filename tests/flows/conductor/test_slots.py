"""Children and slots: runs that belong to each other, and runs that share room."""

import hashlib
from datetime import timedelta
from uuid import uuid5

import pytest
from django.utils import timezone

from flows.conductor.rows import BlobRow, Child, ChildRow
from flows.conductor.store import open_store
from flows.models import Inbox, Run, Slot, Wait
from orchestrator_site.ledger.api import (
    GENESIS,
    Blob,
    Event,
    Fact,
    event,
    store,
    verify,
)
from tests.factories.flows import make_flow, make_run
from tests.flows.conductor.holding import Holder, part_of
from tests.flows.conductor.test_waits import at_once

pytestmark = pytest.mark.both_databases
KEY = "machine-7"


@pytest.fixture
def store_(transactional_db):
    opened = open_store()
    yield opened
    opened.close()


@pytest.fixture
def holder(store_):
    return Holder(store_)


def make_limited(count, limit=2, **columns):
    flow = make_flow()
    runs = [make_run(flow=flow) for _ in range(count)]
    ids = [run.pk for run in runs]
    changed = {"slot_key": KEY, "slot_limit": limit, "blocked": True, **columns}
    Run.objects.filter(pk__in=ids).update(**changed)
    return runs


def child_of(parent: Run, address="sub", **columns) -> Child:
    """A child as the conductor makes it, with an input too large for its row."""
    child_id, now = uuid5(parent.pk, address), timezone.now()
    stored = store({"text": hashlib.sha256(b"x").hexdigest() * 200})
    commitment = {"sha256": stored.digest.hex(), "bytes": stored.size_bytes}
    first = event(
        Fact("run.started", "system:worker", {"input": commitment}),
        workspace_id=parent.workspace_id,
        chain_id=child_id,
        seq=1,
        head=GENESIS,
        at=now,
    )
    row = ChildRow(
        id=child_id,
        parent_id=parent.pk,
        parent_address=address,
        workspace_id=parent.workspace_id,
        flow_id=parent.flow_id,
        version_id=parent.version_id,
        started_by=parent.started_by,
        input=stored.cell,
        depth=parent.depth + 1,
        body="",
        priority=3,
        slot_key=None,
        slot_limit=None,
        head=first.hash,
        created_at=now,
    )
    blob = BlobRow(child_id, stored.digest, stored.blob)
    deadline = now + timedelta(hours=1)
    return Child(row._replace(**columns), first, blob, deadline)


def end(holder, run):
    part = part_of(run, status="completed", ended_at=timezone.now())
    assert holder.commit(part) == [run.pk]


def test_rule_19_child_is_born_once_with_its_parents_commit(holder):
    parent = make_run()
    holder.claim()
    child = child_of(parent)
    stale = part_of(parent, children=[child])
    stale.old_seq = 99
    assert holder.commit(stale) == []
    assert Run.objects.count() == 1
    for _ in range(2):
        assert holder.commit(part_of(parent, children=[child])) == [parent.pk]
    born = Run.objects.get(parent=parent)
    assert (born.status, born.depth, born.priority) == ("queued", 1, 3)
    assert Event.objects.filter(chain_id=born.pk).count() == 1
    assert Blob.objects.filter(owner_id=born.pk).exists()
    assert Wait.objects.get(run=born).kind == "deadline"
    assert [row.parent_id for row in holder.claim()] == [parent.pk]
    assert verify().flaws == []


def test_rule_19_childs_end_reaches_the_parent_in_the_same_commit(holder):
    parent = make_run()
    holder.claim()
    holder.commit(part_of(parent, children=[child_of(parent)]))
    (claimed,) = holder.claim()
    child = Run.objects.get(pk=claimed.id)
    told = (parent.pk, "child", "system:worker", claimed.parent_address, b"{}")
    holder.commit(
        part_of(child, status="completed", ended_at=timezone.now(), outbox=[told])
    )
    assert Inbox.objects.get(run=parent).address == "sub"


def test_rule_51_many_who_admit_never_exceed_the_limit(holder, store_):
    make_limited(12)
    at_once(*[lambda store: store.admit([KEY])] * 6)
    store_.admit_blocked()
    assert Run.objects.filter(blocked=False).count() == Slot.objects.count() == 2


def test_rule_51_slots_pass_on_in_order_as_runs_end(holder, store_):
    runs = make_limited(4)
    Run.objects.filter(pk=runs[3].pk).update(priority=1)
    store_.admit_blocked()
    assert [row.id for row in holder.claim()] == [runs[3].pk, runs[0].pk]
    assert holder.claim() == []
    end(holder, runs[3])
    assert store_.admit([KEY]) == 1
    assert [row.id for row in holder.claim()] == [runs[1].pk]


def test_rule_51_dead_worker_neither_leaks_nor_frees_a_slot(holder, store_):
    first, _ = make_limited(2, limit=1)
    store_.admit_blocked()
    holder.claim()
    store_.bury(holder.id)
    store_.admit_blocked()
    successor = Holder(store_)
    assert [row.id for row in successor.claim()] == [first.pk]
    end(successor, first)
    assert not Slot.objects.exists()


def test_rule_51_slot_of_a_run_that_ended_is_taken_back(holder, store_):
    first, second = make_limited(2, limit=1)
    store_.admit_blocked()
    Run.objects.filter(pk=first.pk).update(status="failed", ended_at=timezone.now())
    assert store_.admit_blocked() == 1
    assert Slot.objects.get().run_id == second.pk


def test_rule_18_child_inherits_the_slot_of_its_line(holder, store_):
    (parent,) = make_limited(1, limit=1)
    store_.admit_blocked()
    holder.claim()
    same = child_of(parent, "same", slot_key=KEY, slot_limit=1)
    other = child_of(parent, "other", slot_key="else", slot_limit=1)
    holder.commit(part_of(parent, children=[same, other]))
    assert [row.id for row in holder.claim()] == [same.run.id]
    nested = child_of(
        Run.objects.get(pk=same.run.id), "deep", slot_key=KEY, slot_limit=1
    )
    holder.commit(part_of(Run.objects.get(pk=same.run.id), children=[nested]))
    assert [row.id for row in holder.claim()] == [nested.run.id]
    assert store_.admit_blocked() == 1
    assert [row.id for row in holder.claim()] == [other.run.id]


def test_a_parked_run_may_let_its_slot_go_and_asks_again(holder, store_):
    first, second = make_limited(2, limit=1)
    store_.admit_blocked()
    holder.claim()
    holder.commit(part_of(first, status="waiting", frees_slot=True))
    assert store_.admit([KEY]) == 1
    Inbox.objects.create(run=first, kind="timer", actor="system:timer")
    assert store_.admit([KEY]) == 0
    assert store_.claim_addressed(holder.id, 10) == []
    holder.claim()
    end(holder, second)
    assert store_.admit([KEY]) == 1
    assert [row.id for row in store_.claim_addressed(holder.id, 10)] == [first.pk]


def test_a_blocked_run_can_be_cancelled_and_takes_no_slot(holder, store_):
    _, waiting = make_limited(2, limit=1)
    store_.admit_blocked()
    Inbox.objects.create(run=waiting, kind="cancel", actor="user:x")
    Slot.objects.all().delete()
    assert store_.admit([KEY]) == 0
    assert [row.id for row in store_.claim_addressed(holder.id, 10)] == [waiting.pk]
