from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orchestrator_site.accounts import errors
from orchestrator_site.accounts.api import authenticate_token, revoke_token
from orchestrator_site.accounts.models import ApiToken
from orchestrator_site.accounts.roles import Permission, Role, Scope
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_membership, make_token, make_user

pytestmark = pytest.mark.django_db
ACTOR = "system:cli"


def test_token_of_a_service_carries_workspace_role_and_scopes():
    token, text = make_token(role=Role.SERVICE, scopes=[Scope.RUN])
    principal = authenticate_token(text)
    assert principal.workspace == token.workspace
    assert principal.actor == f"token:{token.id}"
    assert (principal.role, principal.user) == (Role.SERVICE, None)
    assert principal.can(Permission.RUN_START)
    assert not principal.can(Permission.FLOW_VIEW)


def test_token_of_a_person_follows_the_role_of_the_moment():
    member = make_membership(role=Role.BUILDER)
    _, text = make_token(
        workspace=member.workspace, user=member.user, scopes=[Scope.READ, Scope.WRITE]
    )
    assert authenticate_token(text).can(Permission.FLOW_EDIT)
    member.role = Role.VIEWER
    member.save()
    principal = authenticate_token(text)
    assert (principal.role, principal.user) == (Role.VIEWER, member.user)
    assert not principal.can(Permission.FLOW_EDIT)


def test_only_a_digest_of_the_secret_is_stored():
    token, text = make_token()
    secret = text.rpartition("_")[2]
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert text == f"baton_{token.prefix}_{secret}"
    assert secret.encode() not in b"".join(
        bytes(body) for body in Event.objects.values_list("body", flat=True)
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),  # wrong secret
        lambda text: "baton_0123456789ab_" + text.rpartition("_")[2],  # no such prefix
        lambda text: text[:-1],  # cut off
        lambda text: text.upper(),
        lambda text: text.replace("baton_", "other_"),
        lambda _: "",
        lambda _: "baton_é_é",
    ],
)
def test_text_that_is_not_a_token_is_unknown(spoil):
    _, text = make_token()
    with pytest.raises(errors.TokenUnknown, match="create_token"):
        authenticate_token(spoil(text))


def test_expired_token_is_refused():
    token, text = make_token()
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    with pytest.raises(errors.TokenExpired, match=token.prefix):
        authenticate_token(text)


def test_revoked_token_is_refused_and_revoked_once():
    token, text = make_token()
    revoke_token(token=token, actor=ACTOR)
    revoke_token(token=token, actor=ACTOR)
    with pytest.raises(errors.TokenRevoked):
        authenticate_token(text)
    assert Event.objects.filter(kind="token.revoked").count() == 1


@pytest.mark.parametrize("switched_off", ["membership", "user"])
def test_token_of_someone_who_left_is_refused(switched_off):
    member = make_membership()
    _, text = make_token(workspace=member.workspace, user=member.user)
    row = member if switched_off == "membership" else member.user
    row.is_active = False
    row.save()
    with pytest.raises(errors.TokenOwnerInactive):
        authenticate_token(text)


def test_membership_elsewhere_does_not_help():
    member = make_membership()
    _, text = make_token(workspace=member.workspace, user=member.user)
    make_membership(user=member.user, role=Role.OWNER)
    member.is_active = False
    member.save()
    with pytest.raises(errors.TokenOwnerInactive):
        authenticate_token(text)


def test_use_is_noted_at_most_once_a_minute():
    token, text = make_token()
    authenticate_token(text)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        authenticate_token(text)
    assert len(queries) == 1
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    authenticate_token(text)
    token.refresh_from_db()
    assert token.last_used_at >= first


@pytest.mark.parametrize("days", [0, -1, 366])
def test_token_lasts_a_day_to_a_year(days):
    with pytest.raises(errors.TokenLifeOutOfRange, match="1 to 365"):
        make_token(days=days)


def test_token_needs_a_scope():
    with pytest.raises(errors.ScopesMissing, match="read, run"):
        make_token(scopes=[])


def test_scope_of_which_the_role_may_do_nothing_is_refused():
    with pytest.raises(
        errors.ScopeBeyondRole, match="owner, admin, builder, publisher"
    ):
        make_token(role=Role.SERVICE, scopes=[Scope.WRITE])


def test_token_for_someone_outside_the_workspace_is_refused():
    with pytest.raises(errors.NoMembership):
        make_token(user=make_user())


def test_token_has_a_person_or_a_role_but_not_both():
    token, _ = make_token()
    token.user = make_user()
    with pytest.raises(IntegrityError):
        token.save()


def test_making_a_token_is_recorded():
    make_token()
    assert Event.objects.get().kind == "token.created"
