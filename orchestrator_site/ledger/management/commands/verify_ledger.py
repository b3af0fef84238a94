"""Check the whole ledger: `manage.py verify_ledger`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from orchestrator_site.ledger.verification import verify


class Command(BaseCommand):
    """Exit 0 when every chain and payload holds, else name what does not and exit 1."""

    help = "Verify every event, every chain's end and every payload they commit to."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Verify and report."""
        del args, options
        try:
            result = verify()
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"The database cannot be read: {reason}.") from error
        if result.flaws:
            lines = "\n".join(f"  {flaw}" for flaw in result.flaws[:20])
            more = len(result.flaws) - 20
            tail = f"\n  and {more} more chains" if more > 0 else ""
            raise CommandError(
                f"The ledger does not hold. First bad records:\n{lines}{tail}"
            )
        self.stdout.write(
            f"The ledger holds: {result.events} events in {result.chains} chains."
        )
