"""What the account commands share: their name in the ledger, and how they fail."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from orchestrator_site.accounts.errors import AccountsError

ACTOR = "system:cli"


@contextmanager
def sentences() -> Iterator[None]:
    """Turn an AccountsError into the one sentence that the command prints."""
    try:
        yield
    except AccountsError as error:
        raise CommandError(str(error)) from error
