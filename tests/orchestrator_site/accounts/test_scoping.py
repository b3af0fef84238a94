import pytest

from orchestrator_site.accounts.api import WorkspaceOwned, get_workspace
from orchestrator_site.accounts.errors import WorkspaceNotChosen, WorkspaceNotFound
from orchestrator_site.accounts.models import ApiToken, Membership
from tests.factories.accounts import make_membership, make_token, make_workspace

pytestmark = pytest.mark.django_db


def test_queryset_holds_only_rows_of_its_workspace():
    mine, theirs = make_membership(), make_membership()
    assert list(Membership.objects.in_workspace(mine.workspace)) == [mine]
    assert list(Membership.objects.in_workspace(theirs.workspace)) == [theirs]


def test_row_of_another_workspace_is_not_found():
    token, _ = make_token()
    tokens = ApiToken.objects.in_workspace(make_workspace())
    with pytest.raises(ApiToken.DoesNotExist):
        tokens.get(pk=token.pk)


def test_scope_survives_further_filters():
    token, _ = make_token()
    tokens = ApiToken.objects.filter(name="Night job").in_workspace(make_workspace())
    assert not tokens.exists()


def test_what_a_workspace_owns_inherits_the_scope():
    assert {Membership, ApiToken} <= set(WorkspaceOwned.__subclasses__())


def test_only_workspace_is_the_default():
    workspace = make_workspace()
    assert get_workspace(None) == workspace


def test_workspace_is_found_by_slug():
    make_workspace()
    workspace = make_workspace(slug="returns")
    assert get_workspace("returns") == workspace


def test_choice_between_workspaces_is_asked_for():
    make_workspace(slug="returns")
    make_workspace(slug="billing")
    with pytest.raises(WorkspaceNotChosen, match="--workspace: billing, returns"):
        get_workspace(None)


def test_missing_workspace_is_named_with_those_there_are():
    make_workspace(slug="returns")
    with pytest.raises(WorkspaceNotFound, match=r"'retuns'.*Workspaces: returns"):
        get_workspace("retuns")


def test_installation_without_workspace_says_how_to_get_one():
    with pytest.raises(WorkspaceNotChosen, match=r"manage\.py up"):
        get_workspace(None)
