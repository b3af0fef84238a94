"""A model that another workspace may use."""

from django.db import models

from model_registry.models.model import Model
from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class Grant(WorkspaceOwned):
    """Belongs to the workspace that may use the model.

    `name` is the model's: no two models come to a workspace under one name.
    """

    class Access(models.TextChoices):
        """What the other workspace may do; to copy includes to call."""

        CALL = "call", "call it"
        COPY = "copy", "read and copy it"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="grants")
    name = models.SlugField(max_length=64)
    access = models.CharField(max_length=8, choices=Access)
    granted_by = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One model of a name."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name"), name="grant_name_unique_in_workspace"
            ),
        )

    def __str__(self) -> str:
        """Say who may do what."""
        return f"{self.workspace} may {self.access} {self.name}"
