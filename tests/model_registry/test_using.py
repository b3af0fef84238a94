"""A call is made only for what its model may be used for; nothing is looked up."""

from datetime import date

import pytest

from model_registry.adapters import checks
from model_registry.adapters.registry import ADAPTERS, reaches_outside
from model_registry.api import (
    Status,
    Use,
    call,
    move_alias,
    resolve,
    resolve_all,
    set_standing,
)
from model_registry.errors import UseRefused
from model_registry.models import Model, ModelVersion
from model_registry.resolving import forget
from tests.factories.accounts import make_workspace
from tests.factories.models import make_draft, make_model_version, make_person

pytestmark = pytest.mark.django_db
OUTSIDE = {
    "adapter": "openai_chat",
    "runs": "wait",
    "settings": {"base_url": "https://models.example/v1", "model": "m", "prompt": "a"},
}


@pytest.fixture(autouse=True)
def allowed_origin(settings):
    settings.BATON_EGRESS_ALLOW = ("https://models.example",)


def champion(version: ModelVersion):
    return resolve(version.model.workspace_id, version.model.name, "champion")


def refused(resolved, use=None):
    given = {} if use is None else {"use": use}
    with pytest.raises(UseRefused) as met:
        call(resolved, {}, timeout_s=5, idempotency_key="r/s", **given)
    assert not met.value.retryable
    return met.value


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.SUSPENDED, "model_suspended"),
        (Status.RETIRED, "model_retired"),
        (Status.DRAFT, "model_not_approved"),
    ],
)
def test_version_that_lost_its_approval_is_not_called(status, code):
    version = make_model_version(model="shop")
    ways = [Status.RETIRED, status] if status is Status.DRAFT else [status]
    for each in ways:
        set_standing(version, each, actor="system:test", reason="It leaks.")
    forget()
    error = refused(champion(version))
    assert error.code == code
    assert error.message.startswith("shop version 1 was not called. This version is")


def test_draft_is_called_to_try_it_out():
    resolved = champion(make_draft())
    assert refused(resolved).code == "model_not_approved"
    use = Use(takes_drafts=True)
    reply = call(resolved, {"n": 1}, timeout_s=5, idempotency_key="r/s", use=use)
    assert reply.output == {"n": 1}


def test_person_is_asked_rather_than_called():
    error = refused(champion(make_person(model="mara")), Use("public"))
    assert error.code == "model_is_person"
    assert "is asked and not called" in error.message


def test_nothing_of_an_unknown_class_leaves():
    outside = make_model_version(**OUTSIDE)
    assert champion(outside).is_external
    assert refused(champion(outside)).code == "data_class_unknown"
    assert refused(champion(outside), Use("internal")).code == "data_class_too_high"


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
def test_adapters_with_addresses_reach_outside(adapter):
    asks = (checks.origin_is_allowed, checks.addresses_are_allowed)
    assert reaches_outside(adapter.name) is (adapter.check in asks)


def test_adapter_that_is_not_here_is_taken_to_reach_outside():
    version = make_model_version()
    assert not champion(version).is_external
    # As a version looks that code of another release has registered.
    ModelVersion.objects.bulk_create(
        [
            ModelVersion(
                model=version.model, number=2, adapter="later", settings={}, runs="wait"
            )
        ]
    )
    later = version.model.versions.get(number=2)
    standing = version.standing
    standing.pk = later.pk
    standing.save(force_insert=True)
    move_alias(version.model.workspace, version.model.name, "champion", 2, actor="a")
    assert champion(later).is_external


def test_all_aliases_of_many_models_cost_the_same(django_assert_num_queries):
    workspace = make_workspace()
    names = [f"m{number}" for number in range(8)]
    for name in names:
        make_model_version(workspace=workspace, model=name)
        move_alias(workspace, name, "challenger", 1, actor="system:test")
    Model.objects.filter(name="m3").update(review_by=date(2026, 1, 31))
    for some in (names[3:4], names):
        with django_assert_num_queries(2):  # the versions, their prices
            found = resolve_all(workspace.id, some)
        assert found.keys() == {
            (n, a) for n in some for a in ("champion", "challenger")
        }
        assert found["m3", "champion"].governance.review_by == date(2026, 1, 31)
    assert resolve_all(make_workspace().id, names) == {}
