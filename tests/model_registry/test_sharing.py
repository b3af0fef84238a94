import pytest
from django.utils import timezone

from model_registry.errors import AliasNotFound, GrantRefused, ModelNotFound
from model_registry.models import Grant
from model_registry.resolving import model_names, resolve, resolve_version
from model_registry.services.sharing import grant_model, withdraw_grant
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace
from tests.factories.models import make_model_version

pytestmark = pytest.mark.django_db
CALL, COPY = Grant.Access.CALL, Grant.Access.COPY


def granted(model="shop", access=CALL):
    """A version and a workspace that may call it."""
    version = make_model_version(model=model)
    grant = grant_model(version.model, make_workspace(), access, actor="user:1")
    return version, grant


def test_granted_model_is_found_and_stays_its_owners():
    version, grant = granted()
    found = resolve(grant.workspace_id, "shop", "champion")
    assert (found.version_id, found.workspace_id) == (
        version.pk,
        version.model.workspace_id,
    )
    assert resolve_version(grant.workspace_id, "shop", 1).digest == version.digest
    assert model_names(grant.workspace_id) == {"shop": {"champion"}}


def test_own_model_hides_a_granted_one_even_without_the_alias():
    _, grant = granted()
    own = make_model_version(workspace=grant.workspace, model="shop", alias="canary")
    assert resolve(grant.workspace_id, "shop", "canary").version_id == own.pk
    with pytest.raises(AliasNotFound, match="It has: canary"):
        resolve(grant.workspace_id, "shop", "champion")
    assert model_names(grant.workspace_id) == {"shop": {"canary"}}


def test_withdrawn_grant_counts_at_once():
    _, grant = granted()
    resolve(grant.workspace_id, "shop", "champion")
    withdraw_grant(grant, actor="user:1")
    withdraw_grant(grant, actor="user:1")
    with pytest.raises(ModelNotFound):
        resolve(grant.workspace_id, "shop", "champion")
    assert Event.objects.filter(kind="grant.lost").count() == 1


def test_both_ledgers_tell_of_it():
    version, grant = granted()
    withdraw_grant(grant, actor="user:1")
    kinds = {
        workspace: list(
            Event.objects.filter(workspace_id=workspace, kind__startswith="grant.")
            .order_by("seq")
            .values_list("kind", flat=True)
        )
        for workspace in (version.model.workspace_id, grant.workspace_id)
    }
    assert list(kinds.values()) == [
        ["grant.given", "grant.withdrawn"],
        ["grant.received", "grant.lost"],
    ]


def test_granting_again_changes_the_access():
    version, grant = granted()
    grant_model(version.model, grant.workspace, COPY, actor="user:2")
    before = Event.objects.count()
    grant_model(version.model, grant.workspace, COPY, actor="user:2")
    assert Grant.objects.get().access == COPY
    assert Event.objects.count() == before


def test_two_models_of_a_name_do_not_come_to_one_workspace():
    _, grant = granted()
    other = make_model_version(model="shop")
    with pytest.raises(GrantRefused, match="already"):
        grant_model(other.model, grant.workspace, CALL, actor="user:1")
    assert Grant.objects.count() == 1


def test_model_is_granted_to_another_open_workspace():
    version = make_model_version()
    closed = make_workspace()
    closed.closed_at = timezone.now()
    closed.save()
    for workspace in (version.model.workspace, closed):
        with pytest.raises(GrantRefused, match="that is open"):
            grant_model(version.model, workspace, CALL, actor="user:1")
