"""Steps: one attempt of one node in a run."""

from django.db import models
from django.db.models import Q

from flows.models.run import Run


class StepStatus(models.TextChoices):
    """Where a step stands."""

    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    DETACHED = "detached"
    IN_DOUBT = "in_doubt"


class Step(models.Model):
    """One attempt; `address` is the path of its node in the run, unique with `attempt`.

    `port` holds several with commas between them where a step left by several at once.
    `result` is a payload cell: the output of a completed step, the error of a failed
    one, either of a detached one. `seq` is the place in the run's chain of the event that recorded it.
    """

    pk = models.CompositePrimaryKey("run_id", "address", "attempt")
    run = models.ForeignKey(
        Run,
        on_delete=models.CASCADE,
        related_name="steps",
        db_constraint=False,
        db_index=False,
    )
    address = models.CharField(max_length=400)
    attempt = models.PositiveIntegerField(default=1)
    node_id = models.CharField(max_length=40)
    type = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=StepStatus)
    port = models.CharField(max_length=2_100, null=True)  # noqa: DJ001
    result = models.BinaryField(null=True)
    model = models.CharField(max_length=100, null=True)  # noqa: DJ001
    model_version = models.PositiveIntegerField(null=True)
    cost_usd_micros = models.BigIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(
                fields=["run"],
                name="step_in_doubt",
                condition=Q(status="in_doubt"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.address} {self.status}"

    @property
    def gave_output(self) -> bool:
        """Whether `result` is what it gave, and not its error."""
        if self.status == StepStatus.DETACHED:
            return self.port is not None
        return self.status == StepStatus.COMPLETED
