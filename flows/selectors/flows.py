"""Reading flows and their versions."""

from typing import Any

from django.db.models import CharField, QuerySet, UUIDField

from flows.errors import FlowNotFound, VersionNotFound
from flows.models import Flow, FlowVersion
from flows.selectors.moments import moment_text
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.prepared import Given, Prepared


def get_flow(workspace: Workspace, slug: str) -> Flow:
    """Find a flow by its slug. Raises: FlowNotFound."""
    flow = FLOW.first(workspace=workspace.pk, slug=slug)
    if flow is None:
        raise FlowNotFound(slug)
    flow.workspace = workspace
    return flow


def list_flows(workspace: Workspace) -> QuerySet[Flow]:
    """Flows of a workspace with what their summary needs."""
    return Flow.objects.in_workspace(workspace).select_related("published")


FLOW = Prepared(
    lambda: Flow.objects.filter(
        workspace=Given("workspace", UUIDField()), slug=Given("slug", CharField())
    ).select_related("published")
)


def list_versions(flow: Flow) -> QuerySet[FlowVersion]:
    """Published versions of a flow."""
    return flow.versions.filter(number__isnull=False)


def get_version(flow: Flow, number: int) -> FlowVersion:
    """Find a published version. Raises: VersionNotFound."""
    version = list_versions(flow).filter(number=number).first()
    if version is None:
        raise VersionNotFound(flow.slug, number)
    return version


def flow_summary(flow: Flow) -> dict[str, Any]:
    """A flow as a row of a list."""
    return {
        "slug": flow.slug,
        "name": flow.name,
        "draft_revision": flow.draft_revision,
        "published_version": flow.published.number if flow.published else None,
        "created_at": moment_text(flow.created_at),
        "updated_at": moment_text(flow.updated_at),
    }


def version_summary(version: FlowVersion) -> dict[str, Any]:
    """A published version as a row of a list."""
    return {
        "number": version.number,
        "hash": version.hash,
        "published_at": moment_text(version.published_at),
    }
