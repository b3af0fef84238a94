"""What a new installation starts with."""

from dataclasses import dataclass

from django.db import transaction

from flows.demo import read_demo_flows
from flows.services.drafts import create_flow
from flows.services.publishing import publish
from model_registry.api import register_builtin
from orchestrator_site.accounts.api import (
    Workspace,
    create_first_owner,
    create_workspace,
)

ACTOR = "system:seed"
OWNER_EMAIL = "owner@baton.example"


@dataclass(frozen=True, slots=True)
class FirstLogin:
    email: str
    password: str


@transaction.atomic
def seed(*, demo: bool) -> FirstLogin | None:
    """Fill an empty installation, whole or not at all; None where one stands."""
    if Workspace.objects.exists():
        return None
    workspace = create_workspace(slug="main", name="Main", actor=ACTOR)
    password = create_first_owner(workspace=workspace, email=OWNER_EMAIL, actor=ACTOR)
    if demo:
        _seed_demo(workspace)
    return FirstLogin(OWNER_EMAIL, password)


def _seed_demo(workspace: Workspace) -> None:
    """Register the models that ship and publish the flows that use them."""
    register_builtin(workspace, ACTOR)
    for slug, document in read_demo_flows().items():
        flow = create_flow(workspace, slug=slug, document=document, actor=ACTOR)
        publish(flow, actor=ACTOR)
