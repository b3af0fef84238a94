"""What calls have taken and cost, added up by the hour."""

from django.db import models

from model_registry.models.version import ModelVersion
from orchestrator_site.accounts.api import new_id


class ModelFigures(models.Model):
    """The calls of a version in one hour that took about equally long.

    `bucket` counts latencies on a scale on which each step is a fifth longer than the
    one before, `guarding.latency` says which; an hour has as many rows as buckets that
    occurred. Each try is a call; `retries` are those that were not the first. Written
    by one statement that adds, so that workers share rows.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ModelVersion,
        on_delete=models.PROTECT,
        related_name="figures",
        db_constraint=False,
        db_index=False,
    )
    tag = models.CharField(max_length=64)
    hour = models.DateTimeField()
    bucket = models.PositiveSmallIntegerField()
    calls = models.PositiveBigIntegerField()
    errors = models.PositiveBigIntegerField()
    retries = models.PositiveBigIntegerField()
    cost_usd_micros = models.PositiveBigIntegerField()
    input_tokens = models.PositiveBigIntegerField()
    output_tokens = models.PositiveBigIntegerField()

    class Meta:
        """One row for what is added up together."""

        verbose_name_plural = "model figures"
        constraints = (
            models.UniqueConstraint(
                fields=("version", "hour", "tag", "bucket"), name="figures_unique"
            ),
        )

    def __str__(self) -> str:
        """Say whose calls are counted."""
        return f"{self.calls} calls of {self.version_id} at {self.hour}"
