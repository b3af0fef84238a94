"""Browsers of members, for tests of pages."""

from django.test import Client

from orchestrator_site.accounts.models import Workspace
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership

HTMX = {"HX-Request": "true"}


def browser_of(workspace: Workspace, role: Role = Role.OWNER) -> Client:
    """A browser in which somebody with `role` is logged in."""
    client = Client()
    client.force_login(make_membership(workspace=workspace, role=role).user)
    return client
