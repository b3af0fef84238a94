import pytest

from model_registry.errors import CopyRefused, SecondPersonNeeded
from model_registry.governance import Status
from model_registry.models import Alias, Grant, VersionCopy
from model_registry.received import missing_credential
from model_registry.resolving import resolve
from model_registry.services.copying import copy_model
from model_registry.services.credentials import set_credential
from model_registry.services.sharing import grant_model, withdraw_grant
from model_registry.services.standing import set_standing
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_user, make_workspace
from tests.factories.models import make_model_version, make_person

pytestmark = pytest.mark.django_db
CALL, COPY = Grant.Access.CALL, Grant.Access.COPY
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}}
CHAT = {
    "base_url": "https://fjord.example/v1",
    "model": "fjord-4",
    "credential": "fjord",
    "prompt": "{text}",
}


@pytest.fixture(autouse=True)
def _fjord_may_be_called(settings):
    settings.BATON_EGRESS_ALLOW = ("https://fjord.example",)


def granted(access=COPY, **manifest):
    version = make_model_version(model="shop", **manifest)
    return version, grant_model(version.model, make_workspace(), access, actor="user:1")


def test_copy_is_a_draft_of_the_same_in_the_own_workspace():
    source, grant = granted(
        input_schema=SCHEMA,
        card="# Shop",
        tags=["mail"],
        governance={"data_class": "internal", "provider": "Fjord"},
    )
    version = copy_model(grant, name="own-shop", actor="user:2")
    model, other = version.model, source.model
    assert (model.workspace, model.name) == (grant.workspace, "own-shop")
    assert version.standing.status == Status.DRAFT
    assert (version.settings, version.adapter, version.call_digest) == (
        source.settings,
        source.adapter,
        source.call_digest,
    )
    for field in ("contract", "input_schema", "card", "data_class", "provider"):
        assert getattr(model, field) == getattr(other, field)
    assert not Alias.objects.filter(version=version).exists()
    assert VersionCopy.objects.get(version=version).source == source


def test_second_person_approves_a_copy_as_usual():
    _, grant = granted()
    one, other = (f"user:{make_user().pk}" for _ in range(2))
    version = copy_model(grant, name="own-shop", actor=one)
    with pytest.raises(SecondPersonNeeded):
        set_standing(version, Status.APPROVED, actor=one, reason="Mine.")
    set_standing(version, Status.APPROVED, actor=other, reason="Looked at.")


def test_copy_stays_when_the_grant_ends_and_the_shared_name_is_still_the_owners():
    source, grant = granted()
    version = copy_model(grant, name="own-shop", actor="user:2")
    found = resolve(grant.workspace_id, "shop", "champion")
    assert found.version_id == source.pk
    withdraw_grant(grant, actor="user:1")
    version.refresh_from_db()
    assert version.origin.source == source


def test_credential_does_not_come_with_the_copy():
    owner = make_workspace()
    set_credential(owner, "fjord", "sk-canary-8812", actor="user:1")
    _, grant = granted(
        workspace=owner, adapter="openai_chat", runs="wait", settings=CHAT
    )
    version = copy_model(grant, name="own-shop", actor="user:2")
    assert version.settings["credential"] == "fjord"
    assert missing_credential(version) == "fjord"
    set_credential(grant.workspace, "fjord", "sk-own", actor="user:2")
    assert missing_credential(version) == ""


def test_both_ledgers_tell_of_a_copy():
    source, grant = granted()
    version = copy_model(grant, name="own-shop", actor="user:2")
    given = Event.objects.get(kind="copy.given")
    received = Event.objects.get(kind="copy.received")
    assert given.workspace_id == source.model.workspace_id
    assert received.workspace_id == grant.workspace_id
    for event, about in ((given, source), (received, version)):
        assert str(about.model_id) in str(event.body)
        assert source.digest in str(event.body)


@pytest.mark.parametrize(
    ("access", "asked", "reason"),
    [
        (CALL, {"name": "own"}, "to be called, not to be copied"),
        (COPY, {"name": "shop"}, "get the shared model"),
        (COPY, {"name": "taken"}, "There is a model 'taken'"),
        (COPY, {"name": "Big Name"}, "a letter first"),
        (COPY, {"name": "own", "alias": "canary"}, "no alias 'canary'"),
    ],
)
def test_what_cannot_be_copied_says_why_and_leaves_nothing(access, asked, reason):
    _, grant = granted(access)
    make_model_version(workspace=grant.workspace, model="taken")
    before = Event.objects.count()
    with pytest.raises(CopyRefused, match=reason):
        copy_model(grant, actor="user:2", **asked)
    assert not VersionCopy.objects.exists()
    assert Event.objects.count() == before


def test_people_are_not_copied():
    person = make_person(model="desk")
    grant = grant_model(person.model, make_workspace(), COPY, actor="user:1")
    with pytest.raises(CopyRefused, match="a person or a team"):
        copy_model(grant, name="own", actor="user:2")
