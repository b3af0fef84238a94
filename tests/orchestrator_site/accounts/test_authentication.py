import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import get_token
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from orchestrator_site.accounts.api import revoke_token, set_active_workspace
from orchestrator_site.accounts.authentication import (
    SessionAuthentication,
    TokenAuthentication,
)
from orchestrator_site.accounts.roles import Permission, Role
from tests.factories.accounts import make_membership, make_token, make_user

pytestmark = pytest.mark.django_db
requests = APIRequestFactory(enforce_csrf_checks=True)


def with_token(text, scheme="Bearer"):
    return Request(requests.get("/", headers={"authorization": f"{scheme} {text}"}))


def with_session(user, workspace=None, method="get", **headers):
    request = getattr(requests, method)("/", headers=headers)
    request.user, request.session = user, SessionStore()
    if workspace:
        set_active_workspace(request.session, workspace)
    return request


def log_in(user, workspace=None):
    return SessionAuthentication().authenticate(Request(with_session(user, workspace)))


def test_token_puts_its_principal_on_the_request():
    token, text = make_token()
    request = with_token(text)
    user, principal = TokenAuthentication().authenticate(request)
    assert request.principal is principal
    assert principal.actor == f"token:{token.id}"
    assert user.is_authenticated


def test_user_of_a_personal_token_is_the_person():
    member = make_membership()
    _, text = make_token(workspace=member.workspace, user=member.user)
    user, _ = TokenAuthentication().authenticate(with_token(text, scheme="bearer"))
    assert user == member.user


def test_other_schemes_are_left_to_others():
    assert TokenAuthentication().authenticate(with_token("abc", scheme="Basic")) is None


def test_refused_token_is_answered_401_with_its_code():
    token, text = make_token()
    revoke_token(token=token, actor="system:cli")
    with pytest.raises(AuthenticationFailed) as caught:
        TokenAuthentication().authenticate(with_token(text))
    assert caught.value.get_codes() == "token_revoked"
    assert caught.value.status_code == 401
    assert TokenAuthentication().authenticate_header(with_token(text))


def test_session_takes_the_only_membership():
    member = make_membership(role=Role.REVIEWER)
    user, principal = log_in(member.user)
    assert user == member.user
    assert principal.workspace == member.workspace
    assert principal.actor == f"user:{user.id}"
    assert principal.can(Permission.APPROVAL_DECIDE)
    assert not principal.can(Permission.FLOW_EDIT)


def test_session_keeps_the_chosen_workspace():
    first = make_membership()
    second = make_membership(user=first.user, role=Role.OWNER)
    assert log_in(first.user)[1].workspace == first.workspace
    _, principal = log_in(first.user, second.workspace)
    assert (principal.workspace, principal.role) == (second.workspace, Role.OWNER)


def test_chosen_workspace_is_given_up_when_the_person_left_it():
    first = make_membership()
    second = make_membership(user=first.user, is_active=False)
    assert log_in(first.user, second.workspace)[1].workspace == first.workspace


def test_session_of_someone_who_left_every_workspace_is_refused():
    member = make_membership(is_active=False)
    with pytest.raises(PermissionDenied) as caught:
        log_in(member.user)
    assert caught.value.get_codes() == "no_membership"


@pytest.mark.parametrize("user", [AnonymousUser, lambda: make_user(is_active=False)])
def test_nobody_in_particular_is_no_principal(user):
    assert log_in(user()) is None


def test_session_may_change_things_only_with_the_csrf_token():
    member = make_membership()
    request = with_session(member.user, method="post")
    with pytest.raises(PermissionDenied, match="CSRF"):
        SessionAuthentication().authenticate(Request(request))
    token = get_token(request)
    request = with_session(member.user, method="post", **{"x-csrftoken": token})
    request.COOKIES["csrftoken"] = token
    assert SessionAuthentication().authenticate(Request(request))


def test_principal_of_a_session_costs_one_query(django_assert_num_queries):
    member = make_membership()
    request = Request(with_session(member.user))
    with django_assert_num_queries(1):
        SessionAuthentication().authenticate(request)
