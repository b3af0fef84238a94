"""Who may listen: asked of the database each time, for sockets stay open for hours."""

from importlib import import_module
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from orchestrator_site.accounts.api import (
    AccountsError,
    Membership,
    User,
    principal_of_session,
)


class Refused(Exception):
    """The browser reads `close_code` and says what to do."""

    close_code: ClassVar[int]


class SignedOut(Refused):
    close_code = 4401


class NotAMember(Refused):
    close_code = 4403


def admit(session_key: str) -> UUID:
    """The workspace in which the session's person works.

    Raises: SignedOut, NotAMember.
    """
    request = _request(session_key)
    try:
        return principal_of_session(_user(request), request.session).workspace.id
    except AccountsError as error:
        raise NotAMember(str(error)) from error


def admit_again(session_key: str, workspace_id: UUID) -> None:
    """Check that the session lives on and its person still belongs to the workspace.

    Which workspace the session prefers by now does not matter: another tab may have
    changed it. Raises: SignedOut, NotAMember.
    """
    user = _user(_request(session_key))
    mine = Membership.objects.filter(user=user, workspace=workspace_id, is_active=True)
    if not mine.exists():
        raise NotAMember("You are no longer a member of this workspace.")


def _request(session_key: str) -> HttpRequest:
    request = HttpRequest()
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(session_key)
    return request


def _user(request: HttpRequest) -> User:
    """The session's person; Django refuses a changed password and the deactivated."""
    user = get_user(request)
    if not isinstance(user, User):
        raise SignedOut("You are no longer logged in.")
    return user
