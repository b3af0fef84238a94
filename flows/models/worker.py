"""Processes that hold runs."""

from django.db import models


class WorkerKind(models.TextChoices):
    """What a conductor takes: whatever is ready, or the runs of waiting requests only."""

    WORKER = "worker"
    WEB = "web"


class Worker(models.Model):
    """One conductor's lease: alive while it beats and its death certificate is held."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(
        max_length=10, choices=WorkerKind, default=WorkerKind.WORKER
    )
    name = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
