"""A model version: how a model is called, fixed for good."""

from typing import NoReturn

from django.db import models
from django.db.models.base import ModelBase

from model_registry.models.model import Model
from orchestrator_site.accounts.api import new_id

UNCHANGEABLE = "A model version never changes. Register a new one."


class VersionQuerySet(models.QuerySet["ModelVersion"]):
    """Rows that can be added and read."""

    def update(self, **_values: object) -> NoReturn:
        """Refuse."""
        raise TypeError(UNCHANGEABLE)


class ModelVersion(models.Model):
    """One way of calling a model. `digest` covers all that decides an answer.

    `call_digest` covers adapter and settings only: the same in two models means that
    the same thing answers. With a `queue` it is called by the workers that take from
    that queue. A person has no adapter.
    """

    class Runs(models.TextChoices):
        """Where a call runs."""

        LOOP = "loop", "in the conductor's loop: microseconds"
        WAIT = "wait", "on a thread: waits for somebody else"
        CPU = "cpu", "in the worker's child process: computes"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    adapter = models.CharField(max_length=64, blank=True)
    runs = models.CharField(max_length=8, choices=Runs)
    queue = models.CharField(max_length=40, default="")
    settings = models.JSONField()
    digest = models.CharField(max_length=64)
    call_digest = models.CharField(max_length=64)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        """Numbers count from 1 in each model; one content has one number."""

        ordering = ("model", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("model", "number"), name="version_number_unique_in_model"
            ),
            models.UniqueConstraint(
                fields=("model", "digest"), name="version_digest_unique_in_model"
            ),
        )
        indexes = (models.Index(fields=("call_digest",), name="version_call"),)

    def __str__(self) -> str:
        """Name the model and the number."""
        return f"{self.model.name} {self.number}"

    def save(
        self,
        force_insert: bool | tuple[ModelBase, ...] = False,  # noqa: FBT001, FBT002 - Django's
        force_update: bool = False,  # noqa: FBT001, FBT002 - Django's
        using: str | None = None,
        update_fields: object = None,
    ) -> None:
        """Insert; a version that is stored already is refused."""
        if not self._state.adding or force_update or update_fields is not None:
            raise TypeError(UNCHANGEABLE)
        super().save(force_insert=force_insert or True, using=using)
