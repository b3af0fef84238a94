"""What people call whoever did something. Pure."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
SYSTEM: Mapping[str, Words] = {
    "system:worker": _("Baton"),
    "system:timer": _("The clock"),
    "system:cli": _("The command line"),
    "system:seed": _("The first start"),
    "system:setup": _("The installation"),
}
UNKNOWN: Mapping[str, Words] = {
    "user": _("Somebody who has left"),
    "token": _("An API token"),
}


def name_of(actor: str, names: Mapping[str, str]) -> str:
    """Who did it, as people call them; `names` are those of users and tokens."""
    if actor in names:
        return names[actor]
    prefix, _colon, rest = actor.partition(":")
    return str(SYSTEM.get(actor) or UNKNOWN.get(prefix) or rest)
