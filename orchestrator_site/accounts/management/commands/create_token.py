from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orchestrator_site.accounts.management.commanding import ACTOR, sentences
from orchestrator_site.accounts.roles import Role, Scope
from orchestrator_site.accounts.selectors import get_user, get_workspace
from orchestrator_site.accounts.services.tokens import (
    LONGEST_LIFE_DAYS,
    TokenHolder,
    create_token,
)


class Command(BaseCommand):
    help = "Make an API token and print it, once, alone on standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what it is for")
        parser.add_argument("--scopes", required=True, help="such as read,run")
        parser.add_argument("--workspace", metavar="SLUG", help="default: the only one")
        parser.add_argument(
            "--expires-days", type=int, default=90, help=f"1 to {LONGEST_LIFE_DAYS}"
        )
        holder = parser.add_mutually_exclusive_group()
        holder.add_argument("--user", metavar="EMAIL", help="takes this person's role")
        holder.add_argument(
            "--role",
            choices=[role.value for role in Role],
            default=Role.SERVICE.value,
            help="of the service that uses it; default: service",
        )

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401
        scopes = _parse_scopes(options["scopes"])
        with sentences():
            email = options["user"]
            holder = TokenHolder(
                workspace=get_workspace(options["workspace"]),
                user=get_user(email) if email else None,
                role=Role(options["role"]),
            )
            token, text = create_token(
                holder=holder,
                name=options["name"],
                scopes=scopes,
                days=options["expires_days"],
                actor=ACTOR,
            )
        self.stderr.write(
            f"Token {token.name!r} for {holder.workspace.slug} works until "
            f"{token.expires_at:%Y-%m-%d}. It is shown only now:"
        )
        self.stdout.write(text)


def _parse_scopes(text: str) -> list[Scope]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in words if word not in set(Scope)]
    if unknown:
        known = ", ".join(Scope)
        raise CommandError(f"There is no scope {unknown[0]!r}. Scopes: {known}.")
    return [Scope(word) for word in words]
