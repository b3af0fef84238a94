from django.conf import settings
from django.db import models

from orchestrator_site.accounts.ids import new_id
from orchestrator_site.accounts.models.role_field import ROLE_CHOICES
from orchestrator_site.accounts.scoping import WorkspaceOwned


class ApiToken(WorkspaceOwned):
    """A key to the API of one workspace.

    It belongs to a person, whose role of the moment it carries, or to a service,
    whose role is stored here. Only the digest of its secret is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="api_tokens",
        null=True,
        blank=True,
    )
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="api_token_has_user_or_role",
                condition=models.Q(user__isnull=False, role="")
                | (models.Q(user__isnull=True) & ~models.Q(role="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (baton_{self.prefix}_…)"
