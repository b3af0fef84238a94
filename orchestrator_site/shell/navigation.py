"""Where one can go: only to pages that exist, and that the person may see."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orchestrator_site.accounts.api import Permission, Principal
from orchestrator_site.shell.counts import count_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A page of the navigation; `key` is what follows `g` on the keyboard.

    What belongs to it stands below its address, or below one of `also`.
    """

    name: str
    label: str | Promise
    icon: str
    permission: Permission | None = None
    key: str = ""
    also: tuple[str, ...] = ()

    def contains(self, url: str, path: str) -> bool:
        """Whether `path` is its own `url`, or a page below what belongs to it."""
        return path == url or (url != "/" and path.startswith((url, *self.also)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    label: str | Promise
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """`is_current`: the page is open. `is_within`: it, or a page below it.

    `count`: how many wait there for the person, where somebody counts.
    """

    place: Place
    url: str
    is_current: bool
    is_within: bool
    count: int | None


GROUPS = (
    Group(
        label="",
        places=(
            Place(name="home", label=_("Home"), icon="home", key="h"),
            Place(
                name="approvals:queue",
                label=_("Approvals"),
                icon="checkbox",
                permission=Permission.APPROVAL_VIEW,
                key="a",
            ),
            Place(
                name="flows:runs",
                label=_("Runs"),
                icon="player-play",
                permission=Permission.RUN_VIEW,
                key="r",
            ),
            Place(
                name="flows:list",
                label=_("Flows"),
                icon="sitemap",
                permission=Permission.FLOW_VIEW,
                key="f",
                also=("/new-flow/", "/shared-flows/"),
            ),
        ),
    ),
    Group(
        label=_("Models"),
        places=(
            Place(
                name="models:list",
                label=_("Models"),
                icon="cpu",
                permission=Permission.MODEL_VIEW,
                key="m",
                also=("/new-model/", "/model-files/", "/shared-models/"),
            ),
            Place(
                name="credentials:list",
                label=_("Credentials"),
                icon="key",
                permission=Permission.CREDENTIAL_VIEW,
                also=("/new-credential/",),
            ),
        ),
    ),
    Group(
        label=_("Records"),
        places=(
            Place(
                name="flows:ledger",
                label=_("Ledger"),
                icon="book-2",
                permission=Permission.AUDIT_VIEW,
                key="l",
            ),
        ),
    ),
    Group(
        label=_("Workspace"),
        places=(
            Place(
                name="flows:operations",
                label=_("Operations"),
                icon="adjustments-horizontal",
                permission=Permission.WORKSPACE_OPERATE,
                key="o",
            ),
            Place(
                name="accounts:members",
                label=_("Members"),
                icon="users",
                permission=Permission.MEMBER_VIEW,
            ),
            Place(
                name="egress:services",
                label=_("Outside services"),
                icon="world-www",
                permission=Permission.EGRESS_VIEW,
            ),
            Place(name="api:docs", label=_("API"), icon="plug-connected"),
        ),
    ),
)


def links(principal: Principal, path: str) -> list[tuple[Group, list[Link]]]:
    """The groups that have a link for this person; `path` is the open page's."""
    found = ((group, _links_of(group, principal, path)) for group in GROUPS)
    return [(group, links) for group, links in found if links]


def url_of(name: str, *args: str) -> str | None:
    """A page's address; None as long as there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def _links_of(group: Group, principal: Principal, path: str) -> list[Link]:
    return [
        Link(
            place=place,
            url=url,
            is_current=path == url,
            is_within=place.contains(url, path),
            count=count_at(place.name, principal),
        )
        for place in group.places
        if place.permission is None or principal.can(place.permission)
        if (url := url_of(place.name)) is not None
    ]
