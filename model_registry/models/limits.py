"""The limits that somebody has set for a model."""

from django.db import models

from model_registry.guarding.limits import LIMIT_NAMES, Limits
from model_registry.models.model import Model


class ModelLimits(models.Model):
    """One row for each model whose limits are not the usual ones of its kind."""

    model = models.OneToOneField(
        Model, on_delete=models.PROTECT, related_name="limits", primary_key=True
    )
    timeout_s = models.FloatField(null=True)
    max_concurrency = models.PositiveIntegerField(null=True)
    rate_per_minute = models.PositiveIntegerField(null=True)
    wait_s = models.FloatField()
    retries = models.PositiveSmallIntegerField()
    retry_percent = models.PositiveSmallIntegerField()
    breaker_failures = models.PositiveSmallIntegerField()
    breaker_s = models.FloatField()
    max_answer_bytes = models.PositiveIntegerField(null=True)
    fallback = models.JSONField(default=list)
    changed_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """Counted once."""

        verbose_name_plural = "model limits"

    def __str__(self) -> str:
        """Say whose they are."""
        return f"limits of {self.model}"

    @property
    def as_limits(self) -> Limits:
        """The same as a value."""
        values = {name: getattr(self, name) for name in LIMIT_NAMES}
        return Limits(**{**values, "fallback": tuple(self.fallback)})
