"""What the first owner does first. Facts tick the steps off."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from flows.selectors import list_flows, list_runs
from orchestrator_site.accounts.api import (
    Invite,
    Permission,
    Principal,
    User,
    Workspace,
)

SEED_ACTOR = "system:seed"
SUPPORT_FLOW = "support"


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstStep:
    title: str
    text: str
    action: str
    url: str
    is_done: bool


class _Facts(NamedTuple):
    has_support: bool
    has_run: bool
    has_invited: bool


def first_steps(principal: Principal, user: User) -> list[FirstStep]:
    """The steps, for people who set the workspace up; none once all are done or hidden."""
    if user.hides_first_steps or not principal.can(Permission.MEMBER_MANAGE):
        return []
    facts = _facts(principal.workspace)
    steps = [_password(user), _run(facts), _invite(facts)]
    return [] if all(step.is_done for step in steps) else steps


def _facts(workspace: Workspace) -> _Facts:
    """In one query."""
    support = list_flows(workspace).filter(slug=SUPPORT_FLOW)
    run = list_runs(workspace).exclude(started_by=SEED_ACTOR)
    invite = Invite.objects.in_workspace(workspace)
    asked = Workspace.objects.filter(pk=workspace.pk)
    return _Facts(
        *asked.values_list(Exists(support), Exists(run), Exists(invite)).get()
    )


def _password(user: User) -> FirstStep:
    return FirstStep(
        title=_("Change the first password"),
        text=_("The first one was printed on a screen."),
        action=_("Change password"),
        url=reverse("account_change_password"),
        is_done=not user.password_is_initial,
    )


def _run(facts: _Facts) -> FirstStep:
    support_url = reverse("flows:editor", args=[SUPPORT_FLOW])
    return FirstStep(
        title=_("Run the support flow"),
        text=_("Send it a customer's message and watch what each model does."),
        action=_("Open the flow"),
        url=support_url if facts.has_support else reverse("flows:list"),
        is_done=facts.has_run,
    )


def _invite(facts: _Facts) -> FirstStep:
    return FirstStep(
        title=_("Invite somebody"),
        text=_("You get a link to pass on. The role says what the person may do."),
        action=_("Invite"),
        url=reverse("accounts:invite"),
        is_done=facts.has_invited,
    )
