"""What a person draws, and its immutable versions."""

from typing import Any

import orjson
from django.db import models

from orchestrator_site.accounts.api import WorkspaceOwned, new_id


class Flow(WorkspaceOwned):
    """A flow: one draft that changes, and versions that do not.

    `draft_revision` counts saves, so that two people who edit at once are told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    draft = models.BinaryField()
    draft_revision = models.PositiveIntegerField(default=1)
    published = models.ForeignKey(
        "flows.FlowVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["workspace", "slug"], name="flow_slug"),
        )

    def __str__(self) -> str:
        return self.slug

    @property
    def draft_document(self) -> Any:  # noqa: ANN401
        """The draft as JSON."""
        return orjson.loads(bytes(self.draft))


class FlowVersion(WorkspaceOwned):
    """One graph for ever, identified by the hash of its canonical document.

    `number` counts published versions; a draft snapshot has none until it is published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions")
    hash = models.CharField(max_length=71)
    document = models.BinaryField()
    number = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["flow", "hash"], name="version_hash"),
            models.UniqueConstraint(fields=["flow", "number"], name="version_number"),
        )

    def __str__(self) -> str:
        return f"{self.flow_id} {self.number or self.hash[:15]}"
