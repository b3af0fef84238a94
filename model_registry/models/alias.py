"""An alias: the name under which flows ask for a version, such as `champion`."""

from django.db import models
from django.utils import timezone

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


class AliasMove(models.Model):
    """One move of an alias, kept for good; `old` is empty where the alias was new."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(
        Model, on_delete=models.PROTECT, related_name="alias_moves"
    )
    alias = models.SlugField(max_length=64)
    old = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    new = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    moved_by = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The last move first."""

        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("model", "alias", "-at"), name="alias_move_recent"),
        )

    def __str__(self) -> str:
        """Say what moved."""
        return f"{self.alias} to {self.new}"
