"""`manage.py delete_artefact SHA256 [--workspace SLUG]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.services.uploading import delete_artefact
from orchestrator_site.accounts.api import AccountsError, get_workspace


class Command(BaseCommand):
    """Delete a file of a model that no version names."""

    help = "Deletes a file that was added with add_artefact and that no version uses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the digest and the workspace."""
        parser.add_argument("sha256", metavar="SHA256")
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Delete it and say so."""
        try:
            workspace = get_workspace(options["workspace"])
            deleted = delete_artefact(workspace, options["sha256"], actor="system:cli")
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{deleted.name} is deleted.")
