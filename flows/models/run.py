"""Runs and what happens to them from outside."""

from django.db import models
from django.db.models import Q

from flows.models.flow import Flow, FlowVersion
from orchestrator_site.accounts.api import Workspace, WorkspaceOwned, new_id


class RunStatus(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    POISONED = "poisoned"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Run(WorkspaceOwned):
    """One execution of a flow version.

    Only the worker in `owner_id` changes a run, each commit fenced by `epoch` and the
    previous `seq`. `input` and `result` are payload cells of the ledger; `result` holds
    the output of a completed run and the error of a failed one.

    A child run belongs to the step at `parent_address` of `parent`; `body` names the
    map whose item it runs, and is empty for a subflow. A run with a `slot_key` needs
    one of `slot_limit` slots of that key; while it is `blocked` it has none. A run that
    is paused names in `paused_by` who holds it: a `person`, its `parent`, or both.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Without indexes of their own: `run_recent` and `run_of_flow` begin with them.
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    flow = models.ForeignKey(
        Flow, on_delete=models.PROTECT, related_name="runs", db_index=False
    )
    version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.CASCADE,
        related_name="children",
        db_index=False,
    )
    parent_address = models.CharField(max_length=400, default="")
    depth = models.PositiveSmallIntegerField(default=0)
    body = models.CharField(max_length=40, default="")
    status = models.CharField(
        max_length=10, choices=RunStatus, default=RunStatus.QUEUED
    )
    priority = models.SmallIntegerField(default=0)
    slot_key = models.CharField(max_length=200, null=True)  # noqa: DJ001
    slot_limit = models.PositiveSmallIntegerField(null=True)
    blocked = models.BooleanField(default=False)
    started_by = models.CharField(max_length=60)
    idempotency_key = models.CharField(max_length=200, null=True)  # noqa: DJ001
    request_hash = models.BinaryField(max_length=32)
    input = models.BinaryField()
    result = models.BinaryField(null=True)
    cost_usd_micros = models.BigIntegerField(default=0)
    epoch = models.BigIntegerField(default=0)
    owner_id = models.UUIDField(null=True)
    crashes = models.PositiveSmallIntegerField(default=0)
    seq = models.BigIntegerField()
    head = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=20, default="", db_default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "idempotency_key"], name="run_idempotency_key"
            ),
        )
        indexes = (
            models.Index(fields=["workspace", "-id"], name="run_recent"),
            models.Index(fields=["flow", "-id"], name="run_of_flow"),
            models.Index(
                fields=["-priority", "id"],
                name="run_ready",
                condition=Q(
                    status__in=["queued", "running"],
                    owner_id__isnull=True,
                    blocked=False,
                ),
            ),
            models.Index(
                fields=["slot_key", "-priority", "id"],
                name="run_blocked",
                condition=Q(blocked=True),
            ),
            models.Index(
                fields=["slot_key"],
                name="run_limited",
                condition=Q(slot_key__isnull=False, ended_at__isnull=True),
            ),
            models.Index(
                fields=["parent"],
                name="run_children",
                condition=Q(parent__isnull=False),
            ),
            models.Index(
                fields=["workspace", "ended_at"],
                name="run_ended",
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "status"],
                name="run_stopped",
                condition=Q(status__in=["paused", "poisoned"]),
            ),
            models.Index(
                fields=["owner_id"],
                name="run_owned",
                condition=Q(owner_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.status}"


class InboxKind(models.TextChoices):
    """What reaches a run from outside, with what its body holds as JSON.

    `timer`, `retry` and `deadline` hold `{"wait", "port", "attempt"}`; `event` holds
    `{"signal", "port", "data_cell"}`, the cell in hexadecimal; `child` what the child
    run ended with; `resolve` `{"outcome", "output"}`; `remote` what came of an attempt
    in a queue; `pause` and `resume` `{"with_parent"}` where the parent run sends them.
    """

    CANCEL = "cancel"
    DECISION = "decision"
    TIMER = "timer"
    RETRY = "retry"
    DEADLINE = "deadline"
    EVENT = "event"
    CHILD = "child"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL_STEP = "cancel_step"
    RESOLVE = "resolve"
    REMOTE = "remote"
    RELEASE = "release"


class Inbox(models.Model):
    """What reaches a run from outside; the worker that holds the run takes it in.

    `address` is that of the step it is about, of a region for `cancel_step`, and empty
    where it is about the run.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=InboxKind)
    actor = models.CharField(max_length=60)
    address = models.CharField(max_length=400, default="")
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} for {self.run_id}"
