"""What is allowed now."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from orchestrator_site.accounts.api import Workspace
from orchestrator_site.egress.allowance import FLOWS_ADVICE, Allowance, allowance_of
from orchestrator_site.egress.models import AllowedOrigin
from orchestrator_site.egress.origins import Entry, parse_public


def installation_allowance() -> Allowance:
    """What whoever runs Baton has listed."""
    return allowance_of(settings.BATON_EGRESS_ALLOW)


def workspace_allowance(workspace_id: UUID) -> Allowance:
    """What the flows of a workspace may call: its own list and the installation's."""
    own = AllowedOrigin.objects.filter(workspace_id=workspace_id)
    entries = tuple(
        Entry(parse_public(text)) for text in own.values_list("origin", flat=True)
    )
    return Allowance(entries + installation_allowance().entries, FLOWS_ADVICE)


def list_origins(workspace: Workspace) -> QuerySet[AllowedOrigin]:
    """What the workspace itself allows, by name."""
    return AllowedOrigin.objects.in_workspace(workspace).order_by("origin")
