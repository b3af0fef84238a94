"""`manage.py copy_model MODEL NAME`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.received import get_received, missing_credential
from model_registry.services.copying import copy_model
from orchestrator_site.accounts.api import AccountsError, get_workspace

ACTOR = "system:cli"


class Command(BaseCommand):
    """Make a model of the workspace's own from one that another workspace shares."""

    help = "Copies a model that another workspace shares, as a draft of another name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the model, what the copy is called, and where both are."""
        parser.add_argument("model", metavar="MODEL")
        parser.add_argument("name", metavar="NAME", help="what the copy is called")
        parser.add_argument("--alias", default="champion")
        parser.add_argument("--workspace", metavar="SLUG", help="that of the copy")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Copy it, and say what it still needs."""
        try:
            grant = get_received(get_workspace(options["workspace"]), options["model"])
            version = copy_model(
                grant, name=options["name"], alias=options["alias"], actor=ACTOR
            )
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version} is a draft.")
        if missing := missing_credential(version):
            self.stdout.write(f"Set a credential named {missing} to call it.")
