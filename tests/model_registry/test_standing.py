import json

import pytest

from model_registry.errors import ReasonMissing, SecondPersonNeeded, StandingRefused
from model_registry.governance import Status
from model_registry.models import StandingChange, VersionStanding
from model_registry.services.standing import set_standing
from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_membership, make_token, make_user
from tests.factories.models import make_draft, make_model_version, make_person

pytestmark = pytest.mark.django_db


def approve(version, actor):
    return set_standing(version, Status.APPROVED, actor=actor, reason="Measured.")


def test_new_version_is_a_draft():
    version = make_draft(actor="user:1")
    assert (version.standing.status, version.standing.changed_by) == ("draft", "user:1")
    assert [c.new for c in version.standing_changes.all()] == ["draft"]


def test_second_person_approves_and_it_is_on_record():
    one, other = make_user(), make_user()
    version = make_draft(actor=f"user:{one.pk}")
    standing = approve(version, f"user:{other.pk}")
    assert (standing.status, standing.reason) == ("approved", "Measured.")
    change = version.standing_changes.first()
    assert (change.old, change.new, change.changed_by) == (
        "draft",
        "approved",
        f"user:{other.pk}",
    )
    event = json.loads(bytes(Event.objects.latest("at").body))
    assert event["kind"] == "version.standing_changed"
    assert event["data"]["reason"] == "Measured."


def test_nobody_approves_what_they_registered():
    actor = f"user:{make_user().pk}"
    version = make_draft(actor=actor)
    with pytest.raises(SecondPersonNeeded, match="You registered"):
        approve(version, actor)
    assert VersionStanding.objects.get().status == "draft"


@pytest.mark.parametrize("registers_with_token", [True, False])
def test_own_token_is_no_second_person(registers_with_token):
    member = make_membership(role=Role.OWNER)
    token, _ = make_token(workspace=member.workspace, user=member.user)
    actors = [f"token:{token.pk}", f"user:{member.user_id}"]
    if not registers_with_token:
        actors.reverse()
    version = make_draft(actor=actors[0])
    with pytest.raises(SecondPersonNeeded, match="You registered"):
        approve(version, actors[1])


def test_service_approves_nothing():
    token, _ = make_token()
    with pytest.raises(SecondPersonNeeded, match="by a person"):
        approve(make_draft(), f"token:{token.pk}")


def test_what_a_service_or_the_command_line_registered_any_person_approves():
    token, _ = make_token()
    for actor in (f"token:{token.pk}", "system:cli"):
        version = make_draft(actor=actor)
        assert approve(version, f"user:{make_user().pk}").status == "approved"


@pytest.mark.parametrize(
    ("moves", "refused"),
    [
        ("suspended", "approved or retired, not suspended"),
        ("approved approved", "retired or suspended, not approved"),
        ("retired approved", "it can become draft, not approved"),
        ("approved suspended draft", "approved or retired, not draft"),
    ],
)
def test_standing_moves_only_along_its_ways(moves, refused):
    version = make_draft()
    *allowed, last = map(Status, moves.split())
    for status in allowed:
        set_standing(version, status, actor="system:cli", reason="So.")
    with pytest.raises(StandingRefused, match=refused):
        set_standing(version, last, actor="system:cli", reason="So.")
    assert StandingChange.objects.count() == 1 + len(allowed)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_reason_has_to_be_given(reason):
    with pytest.raises(ReasonMissing, match="1 to 500"):
        set_standing(make_draft(), Status.APPROVED, actor="system:cli", reason=reason)


def test_version_of_a_prohibited_model_is_not_approved():
    risk = {"risk_class": "prohibited", "risk_reason": "Scores people socially."}
    with pytest.raises(StandingRefused, match="prohibited"):
        approve(make_draft(governance=risk), "system:cli")


def test_further_version_has_its_own_standing():
    first = make_model_version(model="shop")
    second = make_draft(workspace=first.model.workspace, model="shop", runs="cpu")
    assert (first.standing.status, second.standing.status) == ("approved", "draft")


def test_person_is_approved_like_a_model():
    assert approve(make_person(), "system:cli").status == "approved"
