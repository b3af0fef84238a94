"""Tables of the ledger. Nothing here is ever updated but the heads of chains."""

from django.db import models


class Event(models.Model):
    """One link of a chain. Triggers in the database refuse UPDATE and DELETE."""

    pk = models.CompositePrimaryKey("chain_id", "seq")
    chain_id = models.UUIDField()
    seq = models.BigIntegerField()
    workspace_id = models.UUIDField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    body = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=["workspace_id", "-at"], name="event_recent"),)

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.seq} {self.kind}"


class Chain(models.Model):
    """The end of a subject's chain; a run keeps its own head on its row."""

    id = models.UUIDField(primary_key=True)
    workspace_id = models.UUIDField()
    subject = models.CharField(max_length=100)
    seq = models.BigIntegerField(default=0)
    head = models.BinaryField()

    def __str__(self) -> str:
        return self.subject


class Blob(models.Model):
    """A payload too large for its row, kept with the run that made it."""

    pk = models.CompositePrimaryKey("owner_id", "digest")
    owner_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    data = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.digest).hex()
