"""Letting other workspaces read and copy what a flow has published. Source: ADR 0025."""

from collections.abc import Mapping

from django.db import transaction

from flows.errors import FlowGrantRefused
from flows.models import Flow, FlowCopy, FlowGrant, FlowVersion
from flows.services.drafts import create_flow
from flows.services.runs import version_document
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Subject, record


@transaction.atomic
def grant_flow(flow: Flow, to: Workspace, *, actor: str) -> FlowGrant:
    """Let another workspace read and copy the published version, also later ones.

    Doing it again changes nothing.
    Raises: FlowGrantRefused if nothing is published, or if it is the flow's own
    workspace or a closed one.
    """
    if flow.published is None:
        raise FlowGrantRefused("Publish the flow first: drafts are not shared.")
    if to.pk == flow.workspace_id or to.closed_at is not None:
        raise FlowGrantRefused("A flow is shared with another workspace that is open.")
    grant, created = FlowGrant.objects.get_or_create(
        flow=flow, workspace=to, defaults={"granted_by": actor}
    )
    if created:
        _record_both(grant, "flow.shared", "flow.received", actor)
    return grant


@transaction.atomic
def withdraw_flow_grant(grant: FlowGrant, *, actor: str) -> None:
    """Stop it; copies stay. Doing it again changes nothing."""
    if FlowGrant.objects.filter(pk=grant.pk).delete()[0]:
        _record_both(grant, "flow.unshared", "flow.lost", actor)


@transaction.atomic
def copy_flow(grant: FlowGrant, *, slug: str, actor: str) -> Flow:
    """Make what is published now the draft of a new flow of the workspace.

    Nothing else comes with it: no runs, no models, no credentials, no services.
    Raises: IntegrityError if the slug is taken.
    """
    source = published_of(grant)
    made = create_flow(
        grant.workspace, slug=slug, document=version_document(source), actor=actor
    )
    FlowCopy.objects.create(flow=made, source=source, copied_by=actor)
    facts = {"number": source.number, "hash": source.hash}
    there = grant.flow.workspace
    _record(grant.flow, "flow.copy_given", actor, {**facts, "by": grant.workspace.name})
    from_ = {"name": grant.flow.name, "workspace": there.name, "from": str(there.pk)}
    _record(made, "flow.copied", actor, {**facts, **from_})
    return made


def published_of(grant: FlowGrant) -> FlowVersion:
    """What may be read and copied now."""
    version = grant.flow.published
    assert version is not None  # noqa: S101  only published flows are shared
    return version


def _record_both(grant: FlowGrant, here: str, there: str, actor: str) -> None:
    flow, to = grant.flow, grant.workspace
    _record(flow, here, actor, {"to": str(to.pk), "workspace": to.name})
    record(
        workspace_id=to.pk,
        subject=Subject("flow_grant", grant.pk),
        kind=there,
        actor=actor,
        data={
            "name": flow.name,
            "from": str(flow.workspace_id),
            "workspace": flow.workspace.name,
        },
    )


def _record(flow: Flow, kind: str, actor: str, data: Mapping[str, object]) -> None:
    record(
        workspace_id=flow.workspace_id,
        subject=Subject("flow", flow.pk),
        kind=kind,
        actor=actor,
        data={"flow": str(flow.pk), **data},
    )
