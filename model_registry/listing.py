"""The list of models as its page shows it: a part of it, and what it can be narrowed to.

Own models and granted ones are read apart and then put together: asked for both at once, a
database goes through the models of all workspaces.
"""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from model_registry.governance import Status
from model_registry.models import Grant, Model, ModelTag, VersionStanding
from model_registry.selectors import EVERYTHING, ModelFilter, described, matching
from orchestrator_site.accounts.api import Workspace


@dataclass(frozen=True, slots=True)
class Summary:
    """How many models a workspace can use, own and granted ones, and for what."""

    total: int
    capabilities: list[str]


def page_of_models(
    workspace: Workspace,
    wanted: ModelFilter,
    *,
    number: str | None,
    size: int,
    total: int | None = None,
) -> Page[Any]:
    """A page of own and granted models by name, the last one where there are fewer.

    Only what is on the page is described: a database that skips rows works out all that
    is asked of them. `total` is how many models there are, where that is known.
    """
    paginator = Paginator(_names(workspace, wanted), size)
    if wanted == EVERYTHING and total is not None:
        paginator.count = total
    page: Page[Any] = paginator.get_page(number)
    shown = Model.objects.filter(pk__in=[pk for _name, pk in page.object_list])
    page.object_list = list(described(shown.order_by("name", "pk")))
    return page


def summarise(workspace: Workspace) -> Summary:
    """Count what there is; two queries."""
    own = Model.objects.in_workspace(workspace).order_by().values_list("capability")
    grants = Grant.objects.in_workspace(workspace).order_by()
    granted = grants.values_list("model__capability")
    counts = [*own.annotate(count=Count("*")), *granted.annotate(count=Count("*"))]
    return Summary(
        total=sum(count for _name, count in counts),
        capabilities=sorted({name for name, _count in counts}),
    )


def list_tags(workspace: Workspace) -> list[str]:
    """The tags of own and granted models, by name."""
    tags = ModelTag.objects.order_by().values_list("name", flat=True)
    own = tags.filter(workspace=workspace)
    granted = tags.filter(model__grants__workspace=workspace)
    return list(own.union(granted).order_by("name"))


def count_drafts(workspace: Workspace) -> int:
    """How many versions wait for an approval."""
    standings = VersionStanding.objects.in_workspace(workspace)
    return standings.filter(status=Status.DRAFT).count()


def _names(workspace: Workspace, wanted: ModelFilter) -> QuerySet[Any]:
    """Names and keys, by name; a granted model may have that of an own one."""
    found = Model.objects.filter(matching(workspace, wanted)).order_by()
    keys = found.values_list("name", "pk")
    own = keys.filter(workspace=workspace)
    granted = keys.filter(grants__workspace=workspace)
    return own.union(granted, all=True).order_by("name", "pk")
