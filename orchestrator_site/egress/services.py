"""Changing what a workspace allows, each change with its event in the ledger."""

from django.db import transaction

from orchestrator_site.accounts.api import Workspace
from orchestrator_site.egress.errors import OriginKnown
from orchestrator_site.egress.models import AllowedOrigin
from orchestrator_site.egress.origins import parse_public
from orchestrator_site.ledger.api import Subject, record


@transaction.atomic
def allow_origin(workspace: Workspace, text: str, *, actor: str) -> AllowedOrigin:
    """Let the flows of a workspace call an origin from their next request on.

    Raises: OriginInvalid, OriginKnown
    """
    origin = str(parse_public(text.strip()))
    allowed, is_new = AllowedOrigin.objects.in_workspace(workspace).get_or_create(
        workspace=workspace, origin=origin, defaults={"allowed_by": actor}
    )
    if not is_new:
        raise OriginKnown(f"{origin} is allowed already.")
    _record(allowed, "egress.allowed", actor)
    return allowed


@transaction.atomic
def withdraw_origin(allowed: AllowedOrigin, *, actor: str) -> None:
    """Stop it from the next request on; doing it again changes nothing."""
    found = AllowedOrigin.objects.filter(pk=allowed.pk)
    if found.delete()[0]:
        _record(allowed, "egress.withdrawn", actor)


def _record(allowed: AllowedOrigin, kind: str, actor: str) -> None:
    record(
        workspace_id=allowed.workspace_id,
        subject=Subject("origin", allowed.pk),
        kind=kind,
        actor=actor,
        data={"origin": allowed.origin},
    )
