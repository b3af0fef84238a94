"""Whether a version can be called now."""

from django.db import models

from model_registry.models.version import ModelVersion


class HealthChange(models.Model):
    """That a version began or ceased to be fit to be called, and why.

    `source` says who found it: a probe that looked, or a breaker after calls.
    """

    class Source(models.TextChoices):
        """Who found it."""

        PROBE = "probe", "a probe"
        BREAKER = "breaker", "calls"

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(
        ModelVersion,
        on_delete=models.PROTECT,
        related_name="health_changes",
        db_index=False,
    )
    source = models.CharField(max_length=8, choices=Source)
    is_well = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        """Read by version, the last one first."""

        indexes = (models.Index(fields=("version", "-at"), name="health_changes"),)

    def __str__(self) -> str:
        """Say what changed."""
        return f"{self.version}: {'well' if self.is_well else 'not well'}"


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
