"""What base.html needs on every page. Nothing is read before a template asks."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from orchestrator_site.accounts.api import (
    AccountsError,
    Principal,
    User,
    Workspace,
    principal_of_session,
)
from orchestrator_site.shell.counts import topics
from orchestrator_site.shell.navigation import Group, Link, links, url_of


class Shell:
    """The frame of one page: who is here, in which workspace, where one can go."""

    def __init__(self, request: HttpRequest, *, path: str | None = None) -> None:
        """`path` is the open page's, where the request is for a part of it."""
        self._request = request
        self._path = request.path if path is None else path

    @cached_property
    def principal(self) -> Principal | None:
        """None for somebody who is not logged in or has no workspace any more."""
        known = getattr(self._request, "principal", None)  # a view has asked already
        if isinstance(known, Principal):
            return known
        user = getattr(self._request, "user", None)
        if not isinstance(user, User):
            return None
        try:
            return principal_of_session(user, self._request.session)
        except AccountsError:
            return None

    @cached_property
    def workspaces(self) -> Sequence[Workspace]:
        """Those of the person, by name."""
        if self.principal is None or self.principal.user is None:
            return []
        mine = self.principal.user.memberships.filter(is_active=True)
        memberships = mine.select_related("workspace").order_by("workspace__name")
        return [membership.workspace for membership in memberships]

    @cached_property
    def navigation(self) -> list[tuple[Group, list[Link]]]:
        return links(self.principal, self._path) if self.principal else []

    @property
    def topics(self) -> str:
        """What the counts of the navigation depend on."""
        return " ".join(topics())

    @property
    def settings_url(self) -> str | None:
        return url_of("accounts:settings")

    @property
    def switch_url(self) -> str | None:
        return url_of("accounts:switch_workspace")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {
        "shell": Shell(request),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "theme": _theme_of(request),
    }


def _theme_of(request: HttpRequest) -> str:
    return str(getattr(getattr(request, "user", None), "theme", "system"))
