"""Every page, for the rules that hold for all of them. A new page is added here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from orchestrator_site.accounts.models import Workspace
from tests.factories.approvals import make_approval


def nothing(_: Workspace) -> dict[str, Any]:
    return {}


def with_approval(workspace: Workspace) -> dict[str, Any]:
    return {"approval_id": make_approval(workspace=workspace).pk}


def with_approvals(workspace: Workspace) -> dict[str, Any]:
    for risk in ("low", "medium", "high"):
        make_approval(workspace=workspace, risk=risk)
    return {}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A page by the name of its address.

    `make` fills the workspace and returns the keywords of the address.
    """

    name: str
    make: Callable[[Workspace], dict[str, Any]] = field(default=nothing)
    is_public: bool = False

    def address(self, workspace: Workspace) -> str:
        return reverse(self.name, kwargs=self.make(workspace))


# The API's page is Swagger's own; its look and its findings are not ours.
NOT_OURS = {"api:docs"}

CASES = [
    Case(name="account_login", is_public=True),
    Case(name="account_reset_password", is_public=True),
    Case(name="account_signup", is_public=True),
    Case(name="account_change_password"),
    Case(name="account_logout"),
    Case(name="approvals:queue", make=with_approvals),
    Case(name="approvals:review", make=with_approval),
    Case(name="home"),
    Case(name="flows:list"),
    Case(name="flows:runs"),
    Case(name="flows:ledger"),
    Case(name="accounts:members"),
    Case(name="accounts:settings"),
]
