import re

import pytest
from django.urls import reverse
from django.utils import timezone

from orchestrator_site.accounts.errors import (
    AlreadyMember,
    EmailInvalid,
    InviteNeedsPassword,
    MemberSwitchedOff,
)
from orchestrator_site.accounts.models import Invite, Membership, User
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.invites import create_invite, revoke_invite
from orchestrator_site.accounts.services.members import (
    deactivate_member,
    remove_member,
)
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import (
    PASSWORD,
    make_membership,
    make_user,
    make_workspace,
)

pytestmark = pytest.mark.django_db
EMAIL = "theo@fernhill.example"
ANSWER = {"name": "Theo Okafor", "password": PASSWORD}


def make_invite(*, workspace=None, email=EMAIL, role=Role.REVIEWER):
    """The invitation and the address of its page."""
    invite, secret = create_invite(
        workspace=workspace or make_workspace(),
        email=email,
        role=role,
        actor="system:cli",
    )
    return invite, reverse("accounts:join", args=[secret])


def kinds():
    return set(Event.objects.values_list("kind", flat=True))


def test_link_lets_a_person_in_with_a_password_of_their_own(client):
    invite, link = make_invite()
    response = client.post(link, ANSWER)
    user = User.objects.get(email=EMAIL)
    assert response.url == reverse("home")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.check_password(PASSWORD)
    membership = user.memberships.get()
    assert (membership.workspace, membership.role) == (invite.workspace, "reviewer")
    assert {"invite.accepted", "membership.created", "password.changed"} <= kinds()


def test_opening_a_link_changes_nothing(client):
    _, link = make_invite()
    before = Event.objects.count()
    for _ in range(2):
        assert client.get(link).status_code == 200
    assert not User.objects.exists()
    assert Event.objects.count() == before


def test_link_works_once(client):
    _, link = make_invite()
    client.post(link, ANSWER)
    client.logout()
    response = client.post(link, ANSWER)
    assert response.status_code == 410
    assert "used already" in response.content.decode()


def test_expired_revoked_and_unknown_links_say_what_to_do(client):
    expired, expired_link = make_invite()
    Invite.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    revoked, revoked_link = make_invite(email="ada@fernhill.example")
    revoke_invite(invite=revoked, actor="system:cli")
    unknown_link = reverse("accounts:join", args=["nothing"])
    for link, status, words in [
        (expired_link, 410, "has expired"),
        (revoked_link, 410, "was taken back"),
        (unknown_link, 404, "copied whole"),
    ]:
        response = client.get(link)
        assert response.status_code == status
        assert words in response.content.decode()
        assert client.post(link, ANSWER).status_code == status


def test_database_holds_no_link():
    invite, link = make_invite()
    secret = link.split("/")[2]
    assert secret not in str(Invite.objects.filter(pk=invite.pk).values())


def test_weak_password_is_refused_and_nothing_is_used_up(client):
    invite, link = make_invite()
    response = client.post(link, {"name": "Theo", "password": "short"})
    assert response.status_code == 422
    invite.refresh_from_db()
    assert invite.accepted_at is None


def test_account_with_a_password_signs_in_first_and_then_comes_in(client):
    user = make_user(email=EMAIL)
    invite, link = make_invite()
    assert "Sign in" in client.get(link).content.decode()
    client.post(link, ANSWER)
    assert not user.memberships.exists()
    client.force_login(user)
    client.post(link)
    assert user.memberships.get().workspace == invite.workspace


def test_whoever_was_removed_can_be_invited_again(client):
    member = make_membership(user=make_user(email=EMAIL))
    remove_member(membership=member, actor="system:cli")
    _, link = make_invite(workspace=member.workspace, role=Role.AUDITOR)
    client.force_login(member.user)
    client.post(link)
    assert Membership.objects.get(user=member.user).role == Role.AUDITOR


def test_link_for_somebody_else_lets_nobody_in(client):
    _, link = make_invite()
    other = make_user()
    client.force_login(other)
    assert "is for theo@fernhill.example" in client.post(link).content.decode()
    assert not other.memberships.exists()


def test_member_without_a_password_gets_one_by_a_link(client):
    member = make_membership(user=make_user(email=EMAIL, password=None))
    _, link = make_invite(workspace=member.workspace, role=Role.BUILDER)
    client.post(link, ANSWER)
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)
    assert Membership.objects.get() == member


def test_link_of_one_workspace_opens_no_account_that_works_in_another():
    user = make_user(email=EMAIL, password=None)
    make_membership(user=user, role=Role.OWNER)
    with pytest.raises(InviteNeedsPassword):
        make_invite()


def test_members_and_the_deactivated_are_not_invited_again():
    workspace = make_workspace()
    active = make_membership(workspace=workspace)
    off = make_membership(workspace=workspace, is_active=False)
    with pytest.raises(AlreadyMember):
        make_invite(workspace=workspace, email=active.user.email)
    with pytest.raises(MemberSwitchedOff):
        make_invite(workspace=workspace, email=off.user.email)
    with pytest.raises(EmailInvalid):
        make_invite(email="theo")


def test_new_link_ends_the_one_before(client):
    workspace = make_workspace()
    _, first = make_invite(workspace=workspace)
    make_invite(workspace=workspace)
    assert client.get(first).status_code == 410


@pytest.mark.parametrize("end", [deactivate_member, remove_member])
def test_whoever_is_shut_out_has_no_link_left(client, end):
    member = make_membership(user=make_user(email=EMAIL, password=None))
    _, link = make_invite(workspace=member.workspace, role=Role.BUILDER)
    end(membership=member, actor="system:cli")
    assert client.post(link, ANSWER).status_code == 410


def test_owner_makes_a_link_that_is_shown_once(client):
    owner = make_membership(role=Role.OWNER)
    client.force_login(owner.user)
    answer = {"email": EMAIL, "role": "reviewer"}
    response = client.post(reverse("accounts:invite"), answer)
    (link,) = re.findall(r"http://testserver(/join/[^\"]+)", response.content.decode())
    assert "no-store" in response["Cache-Control"]
    page = client.get(reverse("accounts:members")).content.decode()
    assert EMAIL in page
    assert link not in page
    client.post(reverse("accounts:revoke_invite", args=[Invite.objects.get().pk]))
    client.logout()
    assert client.get(link).status_code == 410
