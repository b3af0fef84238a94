"""Statements that are written once give what the ORM gives."""

import pytest
from django.db import IntegrityError
from django.db.models import CharField, Count, UUIDField
from django.utils import timezone

from flows.conductor.rows import BlobRow
from orchestrator_site.accounts.models import Membership, Workspace
from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.api import GENESIS, Blob, Event, Fact, event
from orchestrator_site.prepared import Given, Prepared, Rows, insert, insert_new
from tests.factories.accounts import make_membership, make_workspace

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _members(workspace, role):
    return (
        Membership.objects.filter(workspace=workspace, role=role)
        .select_related("user", "workspace")
        .annotate(tokens=Count("user__api_tokens"))
        .order_by("user__email")
    )


def test_a_prepared_query_gives_what_the_orm_gives(django_assert_num_queries):
    prepared = Prepared(
        lambda: _members(
            Given("workspace", UUIDField()), Given("role", CharField(max_length=20))
        )
    )
    here, elsewhere = make_workspace(), make_workspace()
    for workspace, role in (
        (here, Role.OWNER),
        (here, Role.VIEWER),
        (elsewhere, Role.VIEWER),
    ):
        make_membership(workspace=workspace, role=role)
        make_membership(workspace=workspace, role=role)
        found = prepared.rows(workspace=workspace.pk, role=role)
        assert found == list(_members(workspace, role))
        assert len(found) == 2
        with django_assert_num_queries(0):
            assert {each.workspace for each in found} == {workspace}
            assert all(each.user.is_active and each.tokens == 0 for each in found)
    assert prepared.first(workspace=elsewhere.pk, role=Role.OWNER) is None


def test_a_new_row_is_inserted_once():
    name, now = "It's a harbour; -- 100 %s", timezone.now()
    workspace = Workspace(slug="harbour", name=name, created_at=now)
    insert_new(workspace)
    stored = Workspace.objects.get(pk=workspace.pk)
    assert (stored.name, stored.created_at) == (name, now)
    workspace.name = "Changed"
    workspace.save()
    assert Workspace.objects.get(pk=workspace.pk).name == "Changed"
    with pytest.raises(IntegrityError):
        insert_new(stored)


def test_more_rows_than_fit_into_one_statement_are_inserted_together():
    workspace = make_workspace()
    rows, head = [], GENESIS
    for seq in range(1, 5_001):
        fact = Fact("thing.happened", "system:test", {"n": seq})
        row = event(
            fact,
            workspace_id=workspace.pk,
            chain_id=workspace.pk,
            seq=seq,
            head=head,
            at=workspace.created_at,
        )
        rows.append(row)
        head = row.hash
    insert(Rows.of(Event, rows))
    found = Event.objects.filter(chain_id=workspace.pk).order_by("seq")
    stored = [(each.seq, bytes(each.hash), bytes(each.body)) for each in found]
    assert stored == [(row.seq, row.hash, row.body) for row in rows]


def test_rows_that_are_there_already_may_be_passed_over():
    owner = make_workspace().pk
    blob = BlobRow(owner, b"d" * 32, b"\x00\xff%s'")
    both = [blob, blob._replace(digest=b"e" * 32)]
    insert(Rows.of(Blob, []))
    insert(Rows.of(Blob, [blob]))
    insert(Rows.of(Blob, both, ignore_conflicts=True))
    stored = {bytes(each.digest): bytes(each.data) for each in Blob.objects.all()}
    assert stored == {b"d" * 32: blob.data, b"e" * 32: blob.data}


@pytest.mark.django_db(transaction=True)
def test_rows_of_several_tables_come_together_or_not_at_all():
    owner = make_workspace()
    here = Workspace(slug="here", name="100 %; --", created_at=timezone.now())
    blob = BlobRow(owner.pk, b"d" * 32, b"\x00\xff%s'; --")
    insert_new(here, Rows.of(Blob, [blob]), Rows.of(Event, []))
    assert bytes(Blob.objects.get().data) == blob.data
    there = Workspace(slug="there", name="There", created_at=timezone.now())
    other = blob._replace(digest=b"e" * 32)
    with pytest.raises(IntegrityError):
        insert_new(there, Rows.of(Blob, [other, blob]))
    assert set(Workspace.objects.all()) == {owner, here}
    assert Blob.objects.count() == 1
