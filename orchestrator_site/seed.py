"""What a new installation starts with."""

from dataclasses import dataclass

from django.db import transaction

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
    return FirstLogin(OWNER_EMAIL, password)
