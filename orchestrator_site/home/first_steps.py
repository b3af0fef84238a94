"""What the first owner does first. Facts tick the steps off."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from flows.selectors import list_flows, list_runs
from orchestrator_site.accounts.api import Invite, Permission, Principal, User

SEED_ACTOR = "system:seed"
SUPPORT_FLOW = "support"


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstStep:
    title: str
    text: str
    action: str
    url: str
    is_done: bool


def first_steps(principal: Principal, user: User) -> list[FirstStep]:
    """The steps, for people who set the workspace up; none once all are done or hidden."""
    if user.hides_first_steps or not principal.can(Permission.MEMBER_MANAGE):
        return []
    steps = [_password(user), _run(principal), _invite(principal)]
    return [] if all(step.is_done for step in steps) else steps


def _password(user: User) -> FirstStep:
    return FirstStep(
        title=_("Change the first password"),
        text=_("The first one was printed on a screen."),
        action=_("Change password"),
        url=reverse("account_change_password"),
        is_done=not user.password_is_initial,
    )


def _run(principal: Principal) -> FirstStep:
    workspace = principal.workspace
    has_support = list_flows(workspace).filter(slug=SUPPORT_FLOW).exists()
    return FirstStep(
        title=_("Run the support flow"),
        text=_("Send it a customer's message and watch what each model does."),
        action=_("Open the flow"),
        url=(
            reverse("flows:editor", args=[SUPPORT_FLOW])
            if has_support
            else reverse("flows:list")
        ),
        is_done=list_runs(workspace).exclude(started_by=SEED_ACTOR).exists(),
    )


def _invite(principal: Principal) -> FirstStep:
    return FirstStep(
        title=_("Invite somebody"),
        text=_("You get a link to pass on. The role says what the person may do."),
        action=_("Invite"),
        url=reverse("accounts:invite"),
        is_done=Invite.objects.in_workspace(principal.workspace).exists(),
    )
