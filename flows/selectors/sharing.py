"""Flows that are shared: with whom, by whom, and what became of them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from flows.models import Flow, FlowCopy, FlowGrant
from flows.selectors.moments import moment_text
from orchestrator_site.accounts.api import Workspace


def list_flow_grants(flow: Flow) -> QuerySet[FlowGrant]:
    """Who else may read and copy a flow."""
    grants = FlowGrant.objects.filter(flow=flow)
    return grants.select_related("workspace").order_by("workspace__slug")


def list_shared_flows(workspace: Workspace) -> QuerySet[FlowGrant]:
    """Flows of other workspaces that this one may read and copy, by name."""
    grants = FlowGrant.objects.in_workspace(workspace)
    return (
        grants.select_related("flow__workspace", "flow__published")
        .defer("flow__draft", "flow__published__document")
        .order_by("flow__name", "id")
    )


def find_shared_flow(workspace: Workspace, grant_id: UUID) -> FlowGrant | None:
    """One of them, with its published document."""
    found = list_shared_flows(workspace).defer(None).defer("flow__draft")
    grant = found.filter(pk=grant_id).first()
    if grant is not None:
        grant.workspace = workspace
    return grant


def find_origin(flow: Flow) -> FlowCopy | None:
    """Where a flow was copied from, if it was."""
    copies = FlowCopy.objects.filter(flow=flow)
    return copies.select_related("source__flow__workspace").first()


def list_flow_copies(flow: Flow) -> QuerySet[FlowCopy]:
    """What other workspaces made of a flow, the newest first."""
    copies = FlowCopy.objects.filter(source__flow=flow)
    return copies.select_related("source", "flow__workspace")


def flow_grant_detail(grant: FlowGrant) -> dict[str, Any]:
    """Who may read and copy a flow."""
    return {
        "id": str(grant.pk),
        "flow": grant.flow.slug,
        "workspace": grant.workspace.slug,
        "granted_by": grant.granted_by,
        "at": moment_text(grant.at),
    }


def shared_flow_summary(grant: FlowGrant) -> dict[str, Any]:
    """A flow that another workspace shares, in a list."""
    flow = grant.flow
    return {
        "id": str(grant.pk),
        "name": flow.name,
        "slug": flow.slug,
        "workspace": flow.workspace.slug,
        "published_version": flow.published.number if flow.published else None,
        "at": moment_text(grant.at),
    }


def origin_detail(copy: FlowCopy | None) -> dict[str, Any] | None:
    """Where a flow was copied from; None if it was not."""
    if copy is None:
        return None
    source = copy.source
    return {
        "workspace": source.flow.workspace.slug,
        "flow": source.flow.slug,
        "version": source.number,
        "hash": source.hash,
        "at": moment_text(copy.at),
    }
