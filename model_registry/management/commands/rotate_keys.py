"""`manage.py rotate_keys`."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from model_registry.services.credentials import rotate_keys


class Command(BaseCommand):
    """Encrypt all credentials with the first key of BATON_ENCRYPTION_KEY."""

    help = (
        "Encrypts the credentials of all workspaces with the first key of "
        "BATON_ENCRYPTION_KEY. After it the other keys can be taken out."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - Django's
        """Encrypt and say how many."""
        try:
            count = rotate_keys("system:cli")
        except InvalidToken:
            raise CommandError(
                "At least one credential was encrypted with a key that "
                "BATON_ENCRYPTION_KEY does not hold any more. Nothing was changed. Add "
                "that key, or set the credential again."
            ) from None
        self.stdout.write(f"Credentials encrypted with the first key: {count}.")
