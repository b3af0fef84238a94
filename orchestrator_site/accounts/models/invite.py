from django.conf import settings
from django.db import models

from orchestrator_site.accounts.ids import new_id
from orchestrator_site.accounts.models.role_field import ROLE_CHOICES
from orchestrator_site.accounts.scoping import WorkspaceOwned


class Invite(WorkspaceOwned):
    """A link with which one person comes in, once. Only the digest of it is kept.

    It also lets a member who has no password yet choose one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"
