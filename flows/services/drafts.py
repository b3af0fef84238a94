"""Flows and their drafts."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from flows.errors import DraftChanged
from flows.graph.document import canonical
from flows.graph.parse import parse
from flows.models import Flow
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Subject, record


@transaction.atomic
def create_flow(
    workspace: Workspace, *, slug: str, document: dict[str, Any], actor: str
) -> Flow:
    """Create a flow with its first draft.

    Raises: GraphInvalid if the document is not a flow; IntegrityError if the slug is
    taken.
    """
    graph = parse(document)
    flow = Flow.objects.create(
        workspace=workspace, slug=slug, name=graph.name, draft=canonical(document)
    )
    record(
        workspace_id=workspace.id,
        subject=Subject("flow", flow.id),
        kind="flow.created",
        actor=actor,
        data={"flow": str(flow.id), "slug": slug},
    )
    return flow


@transaction.atomic
def save_draft(
    flow: Flow, *, document: dict[str, Any], revision: int, actor: str
) -> Flow:
    """Replace the draft that was read as `revision`; the result has the next one.

    Raises: GraphInvalid if the document is not a flow; DraftChanged if somebody else
    saved in between.
    """
    graph = parse(document)
    saved = Flow.objects.filter(pk=flow.pk, draft_revision=revision).update(
        draft=canonical(document),
        draft_revision=revision + 1,
        name=graph.name,
        updated_at=timezone.now(),
    )
    if not saved:
        raise DraftChanged(flow.slug)
    record(
        workspace_id=flow.workspace_id,
        subject=Subject("flow", flow.id),
        kind="flow.draft_saved",
        actor=actor,
        data={"flow": str(flow.id), "revision": revision + 1},
    )
    flow.refresh_from_db()
    return flow
