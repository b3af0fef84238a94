"""What versions were asked and said, in sorts; and where that is no longer as it was."""

from django.db import models
from django.db.models import Q

from model_registry.models.version import ModelVersion
from orchestrator_site.accounts.api import new_id


class ModelAnswers(models.Model):
    """How many calls of some hours had one sort of question or answer.

    `feature` is a part of a question or an answer, `sort` its value or the range that
    it falls into: never a text that the schema does not list. `slot` is the beginning
    of the hours that are counted together. Written by one statement that adds.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ModelVersion,
        on_delete=models.PROTECT,
        related_name="answers",
        db_constraint=False,
        db_index=False,
    )
    slot = models.DateTimeField()
    tag = models.CharField(max_length=64)
    feature = models.CharField(max_length=64)
    sort = models.CharField(max_length=64)
    calls = models.PositiveBigIntegerField()

    class Meta:
        """One row for what is added up together."""

        verbose_name_plural = "model answers"
        constraints = (
            models.UniqueConstraint(
                fields=("version", "slot", "tag", "feature", "sort"),
                name="answers_unique",
            ),
        )

    def __str__(self) -> str:
        """Say what is counted."""
        return f"{self.calls} calls with {self.feature} {self.sort}"


class ModelDrift(models.Model):
    """An alarm: a feature of a version's calls is not as it was.

    `index` and `bound` are what the last look found, `ended_at` is empty while it is
    so. The next alarm of the same feature takes the same row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="drifts"
    )
    tag = models.CharField(max_length=64)
    feature = models.CharField(max_length=64)
    index = models.FloatField()
    bound = models.FloatField()
    recent_calls = models.PositiveIntegerField()
    reference_calls = models.PositiveIntegerField()
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One row for each feature; what is open is found at once."""

        constraints = (
            models.UniqueConstraint(
                fields=("version", "tag", "feature"), name="drift_unique"
            ),
        )
        indexes = (
            models.Index(
                fields=("version",),
                name="drift_open",
                condition=Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Say where it is."""
        return f"{self.feature} of {self.version}"
