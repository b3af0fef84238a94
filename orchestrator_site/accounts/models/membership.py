from django.conf import settings
from django.db import models

from orchestrator_site.accounts.ids import new_id
from orchestrator_site.accounts.models.role_field import ROLE_CHOICES
from orchestrator_site.accounts.scoping import WorkspaceOwned


class Membership(WorkspaceOwned):
    """A person's role in one workspace."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"], name="membership_once_per_workspace"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.workspace}"
