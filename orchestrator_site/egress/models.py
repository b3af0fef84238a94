"""Tables of this app."""

from django.db import models

from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class AllowedOrigin(WorkspaceOwned):
    """An origin on the public Internet that the flows of a workspace may call."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    origin = models.CharField(max_length=300)
    allowed_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "origin"], name="egress_origin_once"
            )
        ]

    def __str__(self) -> str:
        return self.origin
