"""Whether a version can be called now."""

from django.db import models

from model_registry.models.version import ModelVersion


class ModelHealth(models.Model):
    """What the last probe found, and how the circuit breaker of all workers stands.

    `is_well` is null until a probe has looked. `due_at` is when the next probe may look;
    whoever moves it on is the one that does. The breaker is closed while `breaker_until`
    is null, open until then, and from then on lets one call of each process through;
    `breaker_generation` counts its changes.
    """

    version = models.OneToOneField(
        ModelVersion, on_delete=models.PROTECT, related_name="health", primary_key=True
    )
    is_well = models.BooleanField(null=True)
    latency_ms = models.FloatField(null=True)
    message = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_index=True)
    breaker_until = models.DateTimeField(null=True)
    breaker_generation = models.PositiveIntegerField(default=0)
    breaker_changed_at = models.DateTimeField(null=True)

    class Meta:
        """Counted once."""

        verbose_name_plural = "model health"

    def __str__(self) -> str:
        """Say whose health it is."""
        return f"health of {self.version}"
