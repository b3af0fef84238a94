"""Where versions stand, which is not a part of the version itself."""

from django.db import models
from django.utils import timezone

from model_registry.governance import Status
from model_registry.models.version import ModelVersion
from orchestrator_site.accounts.api import WorkspaceOwned, new_id

STATUS_CHOICES = [(status.value, status.value) for status in Status]


class VersionStanding(WorkspaceOwned):
    """Where a version stands now, by whom and why.

    Belongs to the model's workspace, which counts what waits for an approval.
    """

    version = models.OneToOneField(
        ModelVersion,
        on_delete=models.PROTECT,
        related_name="standing",
        primary_key=True,
    )
    status = models.CharField(max_length=16, choices=STATUS_CHOICES)
    changed_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """Counted by workspace."""

        indexes = (models.Index(fields=("workspace", "status"), name="standing_count"),)

    def __str__(self) -> str:
        """Say how it stands."""
        return f"{self.version} is {self.status}"


class StandingChange(models.Model):
    """One change of a standing; `old` is empty for the first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="standing_changes"
    )
    old = models.CharField(max_length=16, choices=STATUS_CHOICES, blank=True)
    new = models.CharField(max_length=16, choices=STATUS_CHOICES)
    changed_by = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The last change first."""

        ordering = ("version", "-at", "-id")

    def __str__(self) -> str:
        """Say what changed."""
        return f"{self.version}: {self.old or 'new'} to {self.new}"
