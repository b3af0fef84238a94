from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orchestrator_site.accounts.api import authenticate_token
from orchestrator_site.accounts.models import ApiToken, User
from orchestrator_site.accounts.roles import Role, Scope
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_membership, make_user, make_workspace

pytestmark = pytest.mark.django_db


def run(*words):
    """What the command writes to standard output."""
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_create_user_prints_the_password_alone():
    make_workspace()
    password = run("create_user", "theo@fernhill.example", "--role", "reviewer").strip()
    user = User.objects.get()
    assert user.check_password(password)
    assert user.memberships.get().role == Role.REVIEWER
    assert b"system:cli" in bytes(Event.objects.get().body)


def test_every_person_gets_another_password():
    make_workspace()
    words = ["create_user", "--role", "viewer"]
    first = run(*words, "theo@fernhill.example", "--name", "Theo Okafor")
    assert first != run(*words, "mara@fernhill.example")


def test_create_user_of_a_known_address_says_what_to_do_instead():
    make_workspace()
    make_user(email="theo@fernhill.example")
    with pytest.raises(CommandError, match="reset_password"):
        run("create_user", "theo@fernhill.example", "--role", "viewer")


def test_person_cannot_have_the_role_of_a_service():
    make_workspace()
    with pytest.raises(CommandError, match="invalid choice"):
        run("create_user", "theo@fernhill.example", "--role", "service")


def test_commands_ask_which_workspace():
    make_workspace(slug="returns")
    make_workspace(slug="billing")
    with pytest.raises(CommandError, match="--workspace: billing, returns"):
        run("create_token", "ci", "--scopes", "read")
    run("create_token", "ci", "--scopes", "read", "--workspace", "billing")
    assert ApiToken.objects.get().workspace.slug == "billing"


def test_create_token_prints_the_token_alone():
    make_workspace()
    principal = authenticate_token(
        run("create_token", "ci", "--scopes", "read, run").strip()
    )
    assert principal.scopes == {Scope.READ, Scope.RUN}
    assert principal.role == Role.SERVICE


def test_create_token_for_a_person_takes_the_person_s_role():
    member = make_membership(role=Role.PUBLISHER)
    words = ["--scopes", "write", "--user", member.user.email, "--expires-days", "7"]
    principal = authenticate_token(run("create_token", "laptop", *words).strip())
    assert (principal.user, principal.role) == (member.user, Role.PUBLISHER)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--scopes", "read,fly"], "no scope 'fly'. Scopes: read, run"),
        (["--scopes", ","], "at least one scope"),
        (["--scopes", "write"], "take one of these roles: owner"),
        (["--scopes", "read", "--expires-days", "400"], "1 to 365 days"),
        (["--scopes", "read", "--user", "no@fernhill.example"], "create_user"),
    ],
)
def test_create_token_says_what_is_wrong(words, sentence):
    make_workspace()
    with pytest.raises(CommandError, match=sentence):
        run("create_token", "ci", *words)
    assert not ApiToken.objects.exists()


def test_reset_password_prints_the_new_one_alone():
    user = make_user()
    password = run("reset_password", user.email.upper()).strip()
    user.refresh_from_db()
    assert user.check_password(password)


def test_reset_password_of_an_unknown_person_says_so():
    with pytest.raises(CommandError, match="There is no user"):
        run("reset_password", "no@fernhill.example")
