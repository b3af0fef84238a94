"""A secret that models are called with."""

from django.db import models

from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class Credential(WorkspaceOwned):
    """Referred to by name; the value is encrypted and never shown again.

    `set_at` is when the value was given, `rotated_at` when it was encrypted anew.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.SlugField(max_length=64)
    value = models.TextField()
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Names are unique in a workspace."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name"), name="credential_unique_in_workspace"
            ),
        )

    def __str__(self) -> str:
        """Give the name, never the value."""
        return self.name
