"""Processes that hold runs."""

from django.db import models


class WorkerKind(models.TextChoices):
    """What a process takes.

    Whatever runs are ready; those of waiting requests only; or only steps from queues.
    """

    WORKER = "worker"
    WEB = "web"
    REMOTE = "remote"


class Worker(models.Model):
    """A process's lease: alive while it beats and its death certificate is held.

    `queues` names those that it takes steps from, with spaces between; `*` is all.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(
        max_length=10, choices=WorkerKind, default=WorkerKind.WORKER
    )
    name = models.CharField(max_length=200)
    queues = models.CharField(max_length=400, default="")
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
