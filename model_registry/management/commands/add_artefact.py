"""`manage.py add_artefact FILE [--workspace SLUG]`."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.services.uploading import PART, add_artefact
from orchestrator_site.accounts.api import AccountsError, get_workspace


class Command(BaseCommand):
    """Keep a file of a model in the database."""

    help = "Checks an ONNX or skops file and keeps it for the versions of a workspace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the workspace."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Keep it and say what a version names it by."""
        path: Path = options["file"]
        try:
            workspace = get_workspace(options["workspace"])
            with path.open("rb") as file:
                chunks = iter(partial(file.read, PART), b"")
                artefact, is_new = add_artefact(
                    workspace, path.name, chunks, actor="system:cli"
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except (RegistrationRefused, AccountsError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{artefact.name} {'is kept' if is_new else 'was there already'}.\n"
            f"file: {artefact.name}\nsha256: {artefact.sha256}"
        )
