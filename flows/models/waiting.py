"""What runs wait for: moments, events, and room."""

from django.db import models
from django.db.models import Q

from flows.models.run import Run
from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class WaitKind(models.TextChoices):
    """What ends a wait; a moment arrives in the inbox as mail of the same kind."""

    TIMER = "timer"
    EVENT = "event"
    RETRY = "retry"
    DEADLINE = "deadline"


class Wait(models.Model):
    """A moment or an event that a step waits for; a step may wait for several.

    Only the holder's joined commit writes these rows, but for two: the starter of a run
    inserts its deadline, and the sweep turns what is due into mail.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    workspace_id = models.UUIDField()
    address = models.CharField(max_length=400, default="")
    attempt = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=WaitKind)
    due_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200, default="")
    key = models.CharField(max_length=200, default="")
    port = models.CharField(max_length=40, default="")

    class Meta:
        indexes = (
            models.Index(fields=["run", "address"], name="wait_of_run"),
            models.Index(
                fields=["due_at"], name="wait_due", condition=Q(due_at__isnull=False)
            ),
            models.Index(
                fields=["workspace_id", "name", "key"],
                name="wait_event",
                condition=Q(kind="event"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.address} waits for {self.name or self.due_at}"


class Signal(WorkspaceOwned):
    """An event that was sent, kept for whoever waits for it before `expires_at`.

    It is for every run of the workspace that waits for its name and key, or for `run`
    alone, whatever the key. `body` is a payload as the ledger seals it, never a
    reference to a blob.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(
        Run, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, default="")
    message_id = models.CharField(max_length=200)
    actor = models.CharField(max_length=60)
    body = models.BinaryField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "message_id"], name="signal_message"
            ),
        )
        indexes = (
            models.Index(
                fields=["workspace", "name", "key"],
                name="signal_open",
                condition=Q(run__isnull=True),
            ),
            models.Index(
                fields=["run", "name"],
                name="signal_for_run",
                condition=Q(run__isnull=False),
            ),
            models.Index(fields=["expires_at"], name="signal_expiry"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.message_id}"


class Delivery(models.Model):
    """A signal that reached a waiting step: each run gets it once, each step gets one."""

    pk = models.CompositePrimaryKey("signal_id", "run_id")
    signal = models.ForeignKey(
        Signal, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    address = models.CharField(max_length=400)
    port = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "address"], name="delivery_of_step"),
        )

    def __str__(self) -> str:
        return f"{self.signal_id} for {self.run_id} {self.address}"


class Slot(models.Model):
    """Room for one run among those that share a key; it belongs to the run."""

    pk = models.CompositePrimaryKey("key", "n")
    key = models.CharField(max_length=200)
    n = models.PositiveSmallIntegerField()
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.key} {self.n}: {self.run_id}"
