"""Rows that belong to a workspace, and the one way to reach them.

Rule: a queryset over such rows starts with `.in_workspace(workspace)`. What another
workspace owns is then not found (404) rather than forbidden (403).
"""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from orchestrator_site.accounts.models import Workspace

RowT = TypeVar("RowT", bound=models.Model, covariant=True)


class WorkspaceQuerySet(models.QuerySet[RowT]):
    def in_workspace(self, workspace: "Workspace") -> Self:
        return self.filter(workspace=workspace)


class WorkspaceOwned(models.Model):
    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.PROTECT, related_name="+"
    )

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        abstract = True
