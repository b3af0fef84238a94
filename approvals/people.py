"""Names of actors, for sentences."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from orchestrator_site.accounts.api import ApiToken, actor_names


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of actors as the ledger writes them; at most two queries."""
    names = dict.fromkeys(actors, _("Baton"))
    for actor, name in actor_names(names).items():
        is_token = actor.startswith("token:")
        names[actor] = _("Token %(name)s") % {"name": name} if is_token else name
    return names


def name_of(actor: str) -> str:
    """The name of one actor."""
    return names_of([actor])[actor]


def deciders_of(roles: Iterable[str]) -> list[str]:
    """Roles as they are called, and the names of single people among them."""
    names = actor_names(role for role in roles if ":" in role)
    return [names.get(role, role) for role in roles]


def find_person(actor: str) -> UUID | None:
    """Id of the person behind an actor: the user, or the owner of the token."""
    kind, _colon, id_text = actor.partition(":")
    if kind == "user":
        return UUID(id_text)
    if kind == "token":
        token = ApiToken.objects.filter(pk=id_text).first()
        return token.user_id if token else None
    return None
