"""`manage.py register_model FILE.yaml`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.errors import RegistrationRefused
from model_registry.manifest import parse_manifest
from model_registry.services import register
from orchestrator_site.accounts.api import AccountsError, get_workspace


class Command(BaseCommand):
    """Register a model, or a further version of one."""

    help = "Registers a model, or a further version of one, from its manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the workspace."""
        parser.add_argument("file", metavar="FILE.yaml", type=Path)
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Register and say what came of it."""
        path: Path = options["file"]
        try:
            manifest = parse_manifest(path.read_text(encoding="utf-8"))
            workspace = get_workspace(options["workspace"])
            version, created = register(workspace, manifest, actor="system:cli")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error
        except RegistrationRefused as error:
            raise CommandError(f"{path} was not registered.\n{error}") from error
        except AccountsError as error:
            raise CommandError(str(error)) from error
        said = "is registered" if created else "was there already"
        self.stdout.write(f"{version} {said}.")
        if manifest.alias:
            self.stdout.write(f"{manifest.alias} points at {version}.")
