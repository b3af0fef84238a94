from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orchestrator_site.accounts.api import AccountsError, get_workspace
from orchestrator_site.egress.selectors import list_origins
from orchestrator_site.egress.services import withdraw_origin


class Command(BaseCommand):
    help = "Stop the flows of a workspace from calling a service."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("origin", help="as the workspace lists it")
        parser.add_argument("--workspace", metavar="SLUG", help="default: the only one")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401
        try:
            workspace = get_workspace(options["workspace"])
        except AccountsError as error:
            raise CommandError(str(error)) from error
        listed = list_origins(workspace)
        allowed = listed.filter(origin=options["origin"]).first()
        if allowed is None:
            known = ", ".join(map(str, listed)) or "none"
            raise CommandError(
                f"{workspace.slug} does not allow {options['origin']!r}. Allowed: "
                f"{known}."
            )
        withdraw_origin(allowed, actor="system:cli")
        self.stdout.write(f"Flows of {workspace.slug} no longer call {allowed}.")
