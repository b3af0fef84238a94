"""Where a version came from that was copied from another workspace."""

from django.db import models

from model_registry.models.version import ModelVersion


class VersionCopy(models.Model):
    """Stays when the grant ends: both versions never change, and neither is deleted."""

    version = models.OneToOneField(
        ModelVersion, primary_key=True, on_delete=models.PROTECT, related_name="origin"
    )
    source = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="copies"
    )
    copied_by = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest copy first."""

        ordering = ("-at",)

    def __str__(self) -> str:
        """Name both."""
        return f"{self.version}, from {self.source}"
