"""The tabs of a model's page: only those that exist, and that the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from model_registry.models import Model
from orchestrator_site.accounts.api import Permission, Principal
from orchestrator_site.shell.navigation import url_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """`name` is an address that takes the model's name as `name`."""

    name: str
    label: str | Promise
    permission: Permission = Permission.MODEL_VIEW
    is_for_people: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class TabLink:
    label: str | Promise
    url: str
    is_current: bool


# A page of its own for a model adds its tab here.
TABS = (
    Tab(name="models:model", label=_("Overview")),
    Tab(
        name="flows:model_try",
        label=_("Try it"),
        permission=Permission.RUN_START,
        is_for_people=False,
    ),
    Tab(name="model_work:evaluations", label=_("Evaluations"), is_for_people=False),
    Tab(name="flows:model_uses", label=_("Used by")),
    Tab(name="models:card", label=_("Model card")),
    Tab(name="models:schemas", label=_("Schemas"), is_for_people=False),
    Tab(name="models:history", label=_("History")),
    Tab(name="model_work:sharing", label=_("Sharing")),
)


# Those of a model that belongs to another workspace.
RECEIVED_TABS = (
    Tab(name="shared_models:model", label=_("Overview")),
    Tab(
        name="flows:shared_model_try",
        label=_("Try it"),
        permission=Permission.RUN_START,
        is_for_people=False,
    ),
    Tab(name="flows:shared_model_uses", label=_("Used by")),
    Tab(name="shared_models:card", label=_("Model card")),
    Tab(name="shared_models:schemas", label=_("Schemas"), is_for_people=False),
)


def links_of(
    model: Model, principal: Principal, path: str, tabs: Sequence[Tab] = TABS
) -> list[TabLink]:
    """The tabs for this person; `path` is the open page's, which may lie below one."""
    is_person = model.kind != Model.Kind.MODEL
    shown = [
        (tab.label, url)
        for tab in tabs
        if principal.can(tab.permission) and (tab.is_for_people or not is_person)
        if (url := url_of(tab.name, model.name)) is not None
    ]
    root = url_of(tabs[0].name, model.name)
    return [
        TabLink(
            label=label,
            url=url,
            is_current=path == url or (url != root and path.startswith(url)),
        )
        for label, url in shown
    ]
