import json
from datetime import date

import pytest

from model_registry.errors import GovernanceDiffers, UnknownOwner
from model_registry.facts import GovernanceRecord, PersonFacts
from model_registry.models import Model, ModelTag
from model_registry.services.describing import (
    change_person,
    describe,
    govern,
    set_owner,
)
from model_registry.services.registering import register
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_membership, make_user, make_workspace
from tests.factories.models import make_draft, make_manifest, make_person

pytestmark = pytest.mark.django_db
GOVERNANCE = {
    "provider": "Fjord AI",
    "region": "EU",
    "data_class": "internal",
    "retention": "30 days",
    "trains_on_data": False,
    "risk_class": "limited",
    "risk_reason": "Answers customers, who are told.",
    "review_by": "2027-01-31",
}


def events():
    return [json.loads(bytes(row.body)) for row in Event.objects.order_by("at", "seq")]


def test_manifest_states_all_about_a_new_model():
    make_draft(governance=GOVERNANCE, tags=["mail", "mail", "eu"], card="# Card")
    model = Model.objects.get()
    assert (model.provider, model.data_class) == ("Fjord AI", "internal")
    assert (model.trains_on_data, model.review_by) == ("no", date(2027, 1, 31))
    assert [tag.name for tag in model.tags.all()] == ["eu", "mail"]
    assert model.card == "# Card"


def test_model_that_states_nothing_has_an_empty_record():
    make_draft()
    model = Model.objects.get()
    assert (model.data_class, model.risk_class, model.review_by) == ("", "", None)
    assert model.trains_on_data == "unknown"


def test_change_of_the_record_is_an_event_with_old_and_new():
    model = make_draft(governance=GOVERNANCE).model
    change = GovernanceRecord(data_class="personal", review_by=None)
    govern(model, change, actor="user:1")
    model.refresh_from_db()
    assert (model.data_class, model.review_by) == ("personal", None)
    assert model.provider == "Fjord AI"
    event = events()[-1]
    assert (event["kind"], event["actor"]) == ("model.governed", "user:1")
    assert event["data"]["changes"] == {
        "data_class": ["internal", "personal"],
        "review_by": ["2027-01-31", None],
    }


def test_saying_the_same_again_is_no_event():
    model = make_draft(governance=GOVERNANCE, tags=["eu", "mail"], card="c").model
    before = len(events())
    govern(model, GovernanceRecord(**GOVERNANCE), actor="user:1")
    describe(model, actor="user:1", card="c", tags=["mail", "eu"])
    assert len(events()) == before


def test_description_tags_and_card_are_replaced_and_the_rest_stays():
    model = make_draft(tags=["old"], card="old").model
    describe(model, actor="user:1", description="new", tags=["one", "two"])
    model.refresh_from_db()
    assert (model.description, model.card) == ("new", "old")
    assert set(ModelTag.objects.values_list("name", flat=True)) == {"one", "two"}
    assert events()[-1]["data"]["fields"] == "description, tags"


def test_registering_again_states_what_the_manifest_says():
    workspace = make_workspace()
    make_draft(workspace=workspace, model="shop", tags=["a"], description="one")
    manifest = make_manifest(model="shop", tags=["b"])
    _, created = register(workspace, manifest, "user:1", may_move=True)
    model = Model.objects.get()
    assert not created
    assert [tag.name for tag in model.tags.all()] == ["b"]
    assert model.description == "one"


def test_registering_alone_does_not_change_the_record():
    workspace = make_workspace()
    make_draft(workspace=workspace, model="shop", governance=GOVERNANCE)
    looser = {**GOVERNANCE, "data_class": "special"}
    manifest = make_manifest(model="shop", governance=looser, runs="cpu")
    with pytest.raises(GovernanceDiffers, match="changes data_class in"):
        register(workspace, manifest, "user:1", may_move=True)
    assert Model.objects.get().versions.count() == 1
    register(workspace, manifest, "user:1", may_govern=True, may_move=True)
    assert Model.objects.get().data_class == "special"


def test_registering_with_the_same_record_needs_nothing():
    workspace = make_workspace()
    for runs in ("loop", "cpu"):
        manifest = make_manifest(model="shop", governance=GOVERNANCE, runs=runs)
        register(workspace, manifest, "user:1", may_move=True)
    assert Model.objects.get().versions.count() == 2


def test_owner_is_an_active_member():
    model = make_draft().model
    member = make_membership(workspace=model.workspace)
    set_owner(model, member.user, actor="user:1")
    model.refresh_from_db()
    assert model.owner == member.user
    with pytest.raises(UnknownOwner):
        set_owner(model, make_user(), actor="user:1")
    set_owner(model, None, actor="user:1")
    model.refresh_from_db()
    assert model.owner is None


def test_person_is_an_entry_that_nothing_calls():
    version = make_person(accuracy=0.93)
    assert (version.model.kind, version.model.who) == ("person", "role:reviewer")
    assert (version.adapter, version.settings) == ("", {})
    change_person(
        version.model, PersonFacts(who="role:admin", accuracy=0.9), actor="user:1"
    )
    model = Model.objects.get()
    assert (model.who, model.accuracy) == ("role:admin", 0.9)
    assert model.rate_usd_micros_per_minute == 500_000
    assert events()[-1]["data"]["fields"] == "who, accuracy"
