"""`manage.py move_alias MODEL ALIAS VERSION [--reason TEXT]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.management.telling import said_of_standing
from model_registry.services.aliases import move_alias
from orchestrator_site.accounts.api import AccountsError, get_workspace


class Command(BaseCommand):
    """Let an alias point at another version."""

    help = "Lets an alias of a model, such as champion, point at another version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the names, the version's number, why, and the workspace."""
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("alias", metavar="ALIAS")
        parser.add_argument("version", metavar="VERSION", type=int)
        parser.add_argument("--reason", default="", metavar="TEXT")
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Move it and say where it points."""
        try:
            alias = move_alias(
                get_workspace(options["workspace"]),
                options["model"],
                options["alias"],
                options["version"],
                actor="system:cli",
                reason=options["reason"],
            )
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        said = [f"{alias.name} points at {alias.version}."]
        self.stdout.write("\n".join([*said, *said_of_standing(alias.version)]))
