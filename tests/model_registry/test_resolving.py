from datetime import UTC, date, datetime

import pytest

from model_registry.api import model_names, move_alias, resolve, set_limits
from model_registry.errors import AliasNotFound, ModelNotFound
from model_registry.facts import PriceTerms
from model_registry.governance import Status
from model_registry.guarding.limits import Limits
from model_registry.models import Alias, Grant
from model_registry.resolving import FRESH_S, Resolver, resolve_all
from model_registry.services.prices import set_price
from model_registry.services.sharing import grant_model
from model_registry.services.standing import set_standing
from tests.factories.accounts import make_workspace
from tests.factories.models import make_model_version, make_person

pytestmark = pytest.mark.django_db


def two_versions():
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop")
    second = make_model_version(workspace=workspace, model="shop", runs="cpu")
    return workspace, second


def test_alias_gives_all_that_a_call_needs():
    workspace, version = two_versions()
    resolved = resolve(workspace.id, "shop", "champion")
    assert (resolved.model, resolved.version, resolved.runs) == ("shop", 2, "cpu")
    assert resolved.adapter == "python_entry_point"
    assert resolved.settings == {"entry_point": "echo"}
    assert resolved.digest == version.digest


@pytest.mark.both_databases
@pytest.mark.parametrize("is_own", [True, False])
def test_one_model_is_found_as_among_many_and_in_few_queries(
    is_own, django_assert_num_queries
):
    workspace, version = two_versions()
    set_limits(workspace, "shop", Limits(timeout_s=3), actor="user:1")
    for year in (2020, 2025):
        terms = PriceTerms(
            valid_from=datetime(year, 1, 1, tzinfo=UTC), usd_micros_per_call=year
        )
        set_price(version, terms, actor="user:1")
    caller = workspace if is_own else make_workspace()
    if not is_own:
        grant_model(version.model, caller, Grant.Access.CALL, actor="user:1")
        make_model_version(model="shop")  # of yet another workspace
    with django_assert_num_queries(2):
        found = resolve(caller.id, "shop", "champion")
    assert len(found.prices) == 2
    assert found == resolve_all(caller.id, ["shop"])["shop", "champion"]


def test_moved_alias_counts_at_once_in_the_process_that_moved_it():
    workspace, _ = two_versions()
    assert resolve(workspace.id, "shop", "champion").version == 2
    move_alias(workspace, "shop", "champion", 1, actor="user:1")
    assert resolve(workspace.id, "shop", "champion").version == 1


def test_alias_that_another_process_moved_counts_within_a_second():
    workspace, second = two_versions()
    now = [100.0]
    resolver = Resolver(clock=lambda: now[0])
    name = (workspace.id, "shop", "champion")
    assert resolver.resolve(name).version == 2
    first = second.model.versions.get(number=1)
    Alias.objects.filter(model=second.model).update(version=first)
    assert resolver.resolve(name).version == 2
    now[0] += FRESH_S
    assert FRESH_S < 1
    assert resolver.resolve(name).version == 1


def test_fresh_answer_costs_no_query(django_assert_num_queries):
    workspace, _ = two_versions()
    with django_assert_num_queries(2):  # the version, its prices
        resolve(workspace.id, "shop", "champion")
        resolve(workspace.id, "shop", "champion")


def test_missing_names_are_told_with_what_there_is():
    workspace, _ = two_versions()
    with pytest.raises(ModelNotFound, match="Registered are: shop"):
        resolve(workspace.id, "ship", "champion")
    with pytest.raises(AliasNotFound, match="It has: champion"):
        resolve(workspace.id, "shop", "challenger")


def test_models_of_another_workspace_are_not_found():
    two_versions()
    with pytest.raises(ModelNotFound, match="Registered are: none"):
        resolve(make_workspace().id, "shop", "champion")


def test_names_are_listed_with_their_aliases():
    workspace, _ = two_versions()
    make_model_version(workspace=workspace, model="bare", alias="champion")
    move_alias(workspace, "shop", "challenger", 1, actor="user:1")
    assert model_names(workspace.id) == {
        "bare": {"champion"},
        "shop": {"champion", "challenger"},
    }


def test_governance_comes_with_what_resolves():
    governance = {"data_class": "personal", "region": "EU", "review_by": "2027-01-31"}
    version = make_model_version(governance=governance)
    found = resolve(version.model.workspace_id, version.model.name, "champion")
    assert (found.governance.status, found.governance.data_class) == (
        "approved",
        "personal",
    )
    assert (found.governance.region, found.governance.review_by) == (
        "EU",
        date(2027, 1, 31),
    )


def test_suspended_version_is_known_as_such_at_once():
    version = make_model_version()
    name = (version.model.workspace_id, version.model.name, "champion")
    assert resolve(*name).governance.status == "approved"
    set_standing(version, Status.SUSPENDED, actor="user:1", reason="Answers junk.")
    assert resolve(*name).governance.status == "suspended"


def test_person_resolves_without_an_adapter():
    version = make_person()
    found = resolve(version.model.workspace_id, version.model.name, "champion")
    assert (found.kind, found.adapter) == ("person", "")
