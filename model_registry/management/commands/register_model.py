"""`manage.py register_model FILE.yaml [--approve REASON]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from model_registry.errors import RegistrationRefused
from model_registry.governance import Status
from model_registry.management.telling import said_of_standing
from model_registry.manifest import Manifest, parse_manifest
from model_registry.selectors import find_similar
from model_registry.services.registering import register
from model_registry.services.standing import set_standing
from orchestrator_site.accounts.api import AccountsError, Workspace, get_workspace

ACTOR = "system:cli"


class Command(BaseCommand):
    """Register a model, a further version of one, or somebody who can be asked."""

    help = "Registers a model, or a further version of one, from its manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the workspace, and why the version is approved at once."""
        parser.add_argument("file", metavar="FILE.yaml", type=Path)
        parser.add_argument("--approve", metavar="REASON")
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Register and say what came of it."""
        path: Path = options["file"]
        try:
            manifest = parse_manifest(path.read_text(encoding="utf-8"))
            workspace = get_workspace(options["workspace"])
            said = _register(workspace, manifest, options["approve"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error
        except RegistrationRefused as error:
            raise CommandError(f"{path} was not registered.\n{error}") from error
        except AccountsError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(said))


@transaction.atomic
def _register(
    workspace: Workspace, manifest: Manifest, approval: str | None
) -> list[str]:
    similar = find_similar(workspace, manifest)
    version, created = register(
        workspace, manifest, ACTOR, may_govern=True, may_move=True
    )
    said = [f"{version} {'is registered' if created else 'was there already'}."]
    said += [
        f"{each.model} {'is the same' if each.is_same else 'takes and gives the same'}."
        for each in similar
    ]
    if manifest.alias:
        said.append(f"{manifest.alias} points at {version}.")
    if approval is None:
        return [*said, *said_of_standing(version)]
    if version.standing.status != Status.APPROVED:
        set_standing(version, Status.APPROVED, actor=ACTOR, reason=approval)
    return [*said, f"{version} is approved."]
