"""Flows that other workspaces may read and copy, and where a flow was copied from."""

from django.db import models

from flows.models.flow import Flow, FlowVersion
from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class FlowGrant(WorkspaceOwned):
    """Belongs to the workspace that may read and copy what the flow has published."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="grants")
    granted_by = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "flow"), name="flow_granted_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.workspace} may copy {self.flow}"


class FlowCopy(models.Model):
    """Stays when the grant ends: the version that was copied never changes."""

    flow = models.OneToOneField(
        Flow, primary_key=True, on_delete=models.PROTECT, related_name="origin"
    )
    source = models.ForeignKey(
        FlowVersion, on_delete=models.PROTECT, related_name="copies"
    )
    copied_by = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.flow}, from {self.source}"
