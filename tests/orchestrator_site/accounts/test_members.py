import pytest

from orchestrator_site.accounts.errors import AlreadyMember, LastOwner, WorkspaceExists
from orchestrator_site.accounts.models import Membership
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.members import (
    add_member,
    change_role,
    deactivate_member,
)
from orchestrator_site.accounts.services.workspaces import create_workspace
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_membership, make_user, make_workspace

pytestmark = pytest.mark.django_db
ACTOR = "system:cli"


def kinds():
    return list(Event.objects.order_by("at").values_list("kind", flat=True))


def test_workspace_is_made_once_and_recorded():
    create_workspace(slug="returns", name="Returns", actor=ACTOR)
    with pytest.raises(WorkspaceExists, match="another slug"):
        create_workspace(slug="returns", name="Again", actor=ACTOR)
    assert kinds() == ["workspace.created"]


def test_person_joins_a_workspace_once():
    workspace, user = make_workspace(), make_user()
    add_member(workspace=workspace, user=user, role=Role.VIEWER, actor=ACTOR)
    with pytest.raises(AlreadyMember, match=user.email):
        add_member(workspace=workspace, user=user, role=Role.OWNER, actor=ACTOR)
    assert Membership.objects.get(user=user).role == Role.VIEWER
    assert kinds() == ["membership.created"]


def test_change_of_role_is_recorded():
    membership = make_membership(role=Role.BUILDER)
    change_role(membership=membership, role=Role.PUBLISHER, actor=ACTOR)
    membership.refresh_from_db()
    assert membership.role == Role.PUBLISHER
    assert kinds() == ["membership.role_changed"]


def test_same_role_again_changes_and_records_nothing():
    change_role(
        membership=make_membership(role=Role.BUILDER), role=Role.BUILDER, actor=ACTOR
    )
    assert kinds() == []


def test_membership_ends_once():
    membership = make_membership()
    deactivate_member(membership=membership, actor=ACTOR)
    deactivate_member(membership=membership, actor=ACTOR)
    membership.refresh_from_db()
    assert not membership.is_active
    assert kinds() == ["membership.deactivated"]


def test_last_owner_stays():
    owner = make_membership(role=Role.OWNER)
    make_membership(workspace=owner.workspace, role=Role.OWNER, is_active=False)
    with pytest.raises(LastOwner):
        change_role(membership=owner, role=Role.VIEWER, actor=ACTOR)
    with pytest.raises(LastOwner):
        deactivate_member(membership=owner, actor=ACTOR)
    assert kinds() == []


def test_one_of_two_owners_may_go():
    owner = make_membership(role=Role.OWNER)
    make_membership(workspace=owner.workspace, role=Role.OWNER)
    deactivate_member(membership=owner, actor=ACTOR)
    assert kinds() == ["membership.deactivated"]
