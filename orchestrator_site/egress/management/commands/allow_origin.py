from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orchestrator_site.accounts.api import AccountsError, get_workspace
from orchestrator_site.egress.errors import OriginInvalid, OriginKnown
from orchestrator_site.egress.services import allow_origin


class Command(BaseCommand):
    help = "Let the flows of a workspace call a service on the public Internet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("origin", help="such as https://api.example")
        parser.add_argument("--workspace", metavar="SLUG", help="default: the only one")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401
        try:
            workspace = get_workspace(options["workspace"])
            allowed = allow_origin(workspace, options["origin"], actor="system:cli")
        except (AccountsError, OriginInvalid, OriginKnown) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Flows of {workspace.slug} may call {allowed.origin}.")
