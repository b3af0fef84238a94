"""Steps that workers of a queue carry out."""

from django.db import models
from django.db.models import Q

from flows.models.run import Run
from orchestrator_site.accounts.api import new_id


class Remote(models.Model):
    """An attempt at a step that a queue holds until its answer is in the run's inbox.

    The holder's joined commit inserts it, and deletes it if the step is given up.
    Workers of the queue take it by putting their id into `owner_id`; the answer deletes
    it. So an answer counts only for a row that is still there: `id` is its nonce.
    `request` is a payload cell of the ledger, `lost` counts workers that died of it or
    with it. Where `is_once`, a worker's death closes the row; else another one takes it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    workspace_id = models.UUIDField()
    address = models.CharField(max_length=400)
    attempt = models.PositiveIntegerField()
    queue = models.CharField(max_length=40)
    computes = models.BooleanField()
    is_once = models.BooleanField()
    priority = models.SmallIntegerField()
    timeout_ms = models.PositiveIntegerField()
    request = models.BinaryField()
    owner_id = models.UUIDField(null=True)
    lost = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["run", "address", "attempt"], name="remote_attempt"
            ),
        )
        indexes = (
            models.Index(
                fields=["-priority", "id"],
                name="remote_ready",
                condition=Q(owner_id__isnull=True),
            ),
            models.Index(
                fields=["owner_id"],
                name="remote_taken",
                condition=Q(owner_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.address} in {self.queue}"
