"""An alias: the name under which flows ask for a version, such as `champion`."""

from django.db import models

from model_registry.models.model import Model
from model_registry.models.version import ModelVersion
from orchestrator_site.accounts.api import new_id


class Alias(models.Model):
    """Points at one version of its model; moving it is how versions are exchanged."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="aliases")
    name = models.SlugField(max_length=64)
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="aliases"
    )
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        """One alias of a name in each model."""

        ordering = ("model", "name")
        verbose_name_plural = "aliases"
        constraints = (
            models.UniqueConstraint(
                fields=("model", "name"), name="alias_name_unique_in_model"
            ),
        )

    def __str__(self) -> str:
        """Say what it points at."""
        return f"{self.name} of {self.version}"
