"""Rows of the registry as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from model_registry.governance import NEXT, DataClass, Status
from model_registry.models import Alias, Grant, Model, ModelVersion, Price
from orchestrator_site.accounts.api import Permission, Principal, actor_names
from orchestrator_site.shell.actors import name_of

CHAMPION = "champion"
REVIEW_SOON_DAYS = 30
# What is done to let a version stand somewhere else, the usual first.
VERBS: Mapping[Status, str | Promise] = {
    Status.APPROVED: gettext_lazy("Approve"),
    Status.SUSPENDED: gettext_lazy("Suspend"),
    Status.RETIRED: gettext_lazy("Retire"),
    Status.DRAFT: gettext_lazy("Make it a draft again"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRow:
    """A model in the list. `waiting` is the number of its newest version, if a draft.

    A `grant` is what the workspace may use it by, where it belongs to another.
    """

    model: Any
    state: str
    aliases: list[Alias]
    waiting: int | None
    grant: Grant | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """Where a version may stand next, and the words on the button."""

    status: str
    verb: str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionRow:
    """A version in the table of its model.

    `is_live`: an alias points at it. `ways` are those that the reader may take.
    """

    version: ModelVersion
    state: str
    aliases: list[Alias]
    registered_by: str
    price: Price | None
    ways: list[Way]
    is_live: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """When a governance record is to be looked at again."""

    due: date
    days: int
    is_over: bool
    is_soon: bool


def state_of(status: str) -> str:
    """The name under which the shell knows a standing."""
    return "unapproved" if status == Status.DRAFT else status


def in_order(aliases: Iterable[Alias]) -> list[Alias]:
    """The champion, then the others by name."""
    return sorted(aliases, key=lambda alias: (alias.name != CHAMPION, alias.name))


def model_row(
    model: Any,  # noqa: ANN401 - a model as `list_models` gives it
    grant: Grant | None = None,
) -> ModelRow:
    """How a model stands is how the version stands that is called.

    Of a granted one nothing is told but that.
    """
    aliases = in_order(model.aliases.all())
    if grant is not None:
        state = state_of(aliases[0].version.standing.status) if aliases else ""
        return ModelRow(
            model=model, state=state, aliases=aliases, waiting=None, grant=grant
        )
    status = aliases[0].version.standing.status if aliases else model.last_status
    numbers = {alias.version.number for alias in aliases}
    is_waiting = model.last_status == Status.DRAFT and (
        status != Status.DRAFT or model.last_number not in numbers
    )
    return ModelRow(
        model=model,
        state=state_of(status),
        aliases=aliases,
        waiting=model.last_number if is_waiting and aliases else None,
    )


def version_rows(
    versions: Iterable[ModelVersion], principal: Principal
) -> list[VersionRow]:
    """Versions with who registered them; at most two queries more."""
    versions = list(versions)
    names = actor_names({version.created_by for version in versions})
    return [_version_row(version, principal, names) for version in versions]


def price_now(version: ModelVersion) -> Price | None:
    """The price of a call that starts now."""
    return price_at(version.prices.all(), timezone.now())


def price_at(prices: Iterable[Price], moment: datetime) -> Price | None:
    """The last price that has begun by then."""
    begun = [price for price in prices if price.valid_from <= moment]
    return max(begun, key=lambda price: price.valid_from, default=None)


def ways_of(version: ModelVersion, principal: Principal) -> list[Way]:
    """Where this person may let a version stand next."""
    if not principal.can(Permission.MODEL_APPROVE):
        return []
    following = NEXT[Status(version.standing.status)]
    ways = [Way(status=s.value, verb=VERBS[s]) for s in VERBS if s in following]
    is_own = version.created_by == principal.actor
    return [way for way in ways if not (is_own and way.status == Status.APPROVED)]


def review_of(model: Model) -> Review | None:
    """How far away the next review is."""
    if model.review_by is None:
        return None
    days = (model.review_by - timezone.localdate()).days
    return Review(
        due=model.review_by,
        days=days,
        is_over=days < 0,
        is_soon=days <= REVIEW_SOON_DAYS,
    )


def scale_of(model: Model) -> list[tuple[str, str]]:
    """Each data class, and whether it is within what a model may see."""
    classes = [each.value for each in DataClass]
    highest = classes.index(model.data_class) if model.data_class else -1
    marks = ("within", "highest", "beyond")
    return [
        (name, marks[(place > highest) + (place >= highest)])
        for place, name in enumerate(classes)
    ]


def who_of(model: Model) -> str:
    """Whom an entry for a person or a team calls."""
    kind, _colon, name = model.who.partition(":")
    words = {
        "owner": _("Owners of the workspace"),
        "admin": _("Admins of the workspace"),
        "reviewer": _("Reviewers of the workspace"),
    }
    return words.get(name, name) if kind == "role" else name


def _version_row(
    version: ModelVersion, principal: Principal, names: Mapping[str, str]
) -> VersionRow:
    aliases = in_order(version.aliases.all())
    return VersionRow(
        version=version,
        state=state_of(version.standing.status),
        aliases=aliases,
        registered_by=name_of(version.created_by, names),
        price=price_now(version),
        ways=ways_of(version, principal),
        is_live=bool(aliases),
    )
