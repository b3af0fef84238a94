"""A model: a promise to turn one shape of JSON into another."""

from django.db import models

from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class Model(WorkspaceOwned):
    """What flows name. Capability and schemas never change once registered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.SlugField(max_length=64)
    capability = models.SlugField(max_length=64)
    description = models.CharField(max_length=300, blank=True)
    input_schema = models.JSONField()
    output_schema = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Names are unique in a workspace."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "name"), name="model_name_unique_in_workspace"
            ),
        )

    def __str__(self) -> str:
        """Give the name."""
        return self.name
