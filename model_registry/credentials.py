"""Secrets of a workspace: encrypted where they are kept, read when a model is called."""

from functools import cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from model_registry.errors import ModelUnavailable
from model_registry.models import Credential


def encrypt(value: str) -> str:
    """Encrypt with the first key."""
    return _cipher(settings.ENCRYPTION_KEYS).encrypt(value.encode()).decode("ascii")


def encrypt_anew(token: str) -> str:
    """Encrypt with the first key what any key can decrypt. Raises: InvalidToken."""
    return _cipher(settings.ENCRYPTION_KEYS).rotate(token).decode("ascii")


def read_secret(workspace_id: UUID, name: str) -> str:
    """Decrypt a secret of a workspace; never kept longer than a call needs it.

    Raises: ModelUnavailable if there is none, or none that the keys can decrypt.
    """
    found = Credential.objects.filter(workspace_id=workspace_id, name=name)
    token = found.values_list("value", flat=True).first()
    if token is None:
        raise ModelUnavailable(
            f"There is no credential {name!r}. Somebody who manages credentials has to "
            "set it."
        )
    try:
        return _cipher(settings.ENCRYPTION_KEYS).decrypt(token).decode()
    except InvalidToken:
        raise ModelUnavailable(
            f"The credential {name!r} was encrypted with a key that "
            "BATON_ENCRYPTION_KEY does not hold any more. Set the credential again."
        ) from None


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
