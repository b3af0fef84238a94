"""Every page, for the rules that hold for all of them. A new page is added here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from orchestrator_site.accounts.models import Workspace
from orchestrator_site.egress.services import allow_origin
from tests.factories.approvals import make_approval
from tests.factories.flows import make_flow, make_run


def nothing(_: Workspace) -> dict[str, Any]:
    return {}


def with_approval(workspace: Workspace) -> dict[str, Any]:
    return {"approval_id": make_approval(workspace=workspace).pk}


def with_approvals(workspace: Workspace) -> dict[str, Any]:
    for risk in ("low", "medium", "high"):
        make_approval(workspace=workspace, risk=risk)
    return {}


def with_flow(workspace: Workspace) -> dict[str, Any]:
    drawing = "in -> cond, cond:true -> model -> out"
    return {"slug": make_flow(drawing, workspace=workspace).slug}


def with_flows(workspace: Workspace) -> dict[str, Any]:
    make_run(flow=make_flow("in -> out", workspace=workspace))
    return {}


def with_run(workspace: Workspace) -> dict[str, Any]:
    drawing = "in -> cond, cond:true -> model -> out"
    return {"run_id": make_run(flow=make_flow(drawing, workspace=workspace)).pk}


def with_service(workspace: Workspace) -> dict[str, Any]:
    allow_origin(workspace, "https://api.example", actor="system:cli")
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
    Case(name="flows:list", make=with_flows),
    Case(name="flows:new"),
    Case(name="flows:import"),
    Case(name="flows:editor", make=with_flow),
    Case(name="flows:start", make=with_flow),
    Case(name="flows:runs", make=with_flows),
    Case(name="flows:run", make=with_run),
    Case(name="flows:run_cancellation", make=with_run),
    Case(name="flows:ledger", make=with_flows),
    Case(name="accounts:members"),
    Case(name="accounts:settings"),
    Case(name="egress:services"),
    Case(name="egress:services", make=with_service),
    Case(name="egress:allow"),
]
