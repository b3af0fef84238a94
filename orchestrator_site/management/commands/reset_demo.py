from django.core.management.base import BaseCommand, CommandError, CommandParser

from orchestrator_site.seed import DemoMissing, reset_demo


class Command(BaseCommand):
    help = (
        "Begin the demo anew: fill a new workspace (demo-2, demo-3 and so on) and close "
        "the one before. The ledger refuses deletes, so that the old flows, runs and "
        "approvals are kept, but nobody is a member there any more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--yes",
            action="store_true",
            help="do it; without it, only say what would be",
        )

    def handle(self, *, yes: bool, **options: object) -> None:
        if not yes:
            raise CommandError(
                "This closes the workspace of the demo: its memberships, tokens and "
                "invitations end and its runs are cancelled. Add --yes to do it."
            )
        try:
            old, new = reset_demo()
        except DemoMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Workspace {new.slug} is filled anew, and its people are who they were. "
            f"Workspace {old.slug} is closed: the ledger refuses deletes, so that its "
            "records are kept, but nobody is a member there any more."
        )
