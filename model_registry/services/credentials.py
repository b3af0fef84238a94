"""Setting and deleting secrets, and encrypting them with a new key."""

import re

from django.db import transaction
from django.utils import timezone

from model_registry.credentials import encrypt, encrypt_anew
from model_registry.errors import CredentialInvalid, UnknownCredential
from model_registry.facts import SLUG
from model_registry.models import Credential
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import Subject, record

MAX_CHARACTERS = 10_000


@transaction.atomic
def set_credential(
    workspace: Workspace, name: str, value: str, *, actor: str
) -> Credential:
    """Keep a secret under a name, or exchange it; calls use it from now on.

    Raises: CredentialInvalid, which never says what the value was.
    """
    if not re.fullmatch(SLUG, name):
        raise CredentialInvalid(
            f"{name!r} cannot name a credential: use small letters, digits, - and _."
        )
    value = value.strip()
    if not (
        0 < len(value) <= MAX_CHARACTERS and value.isascii() and value.isprintable()
    ):
        raise CredentialInvalid(
            f"A credential holds 1 to {MAX_CHARACTERS} printable ASCII characters in one "
            "line."
        )
    given = {"value": encrypt(value), "set_by": actor, "set_at": timezone.now()}
    credential, is_new = Credential.objects.in_workspace(workspace).update_or_create(
        workspace=workspace,
        name=name,
        defaults=given,
        create_defaults={**given, "created_by": actor},
    )
    _record(credential, "credential.set", actor)
    return credential


@transaction.atomic
def delete_credential(workspace: Workspace, name: str, *, actor: str) -> None:
    """Forget a secret; models that refer to it fail from their next call on.

    Raises: UnknownCredential.
    """
    found = Credential.objects.in_workspace(workspace).filter(name=name).first()
    if found is None or not Credential.objects.filter(pk=found.pk).delete()[0]:
        raise UnknownCredential(f"There is no credential {name!r}.")
    _record(found, "credential.deleted", actor)


@transaction.atomic
def rotate_keys(actor: str) -> int:
    """Encrypt every secret of every workspace with the first key; gives how many.

    Raises: cryptography's InvalidToken if one was encrypted with a key that is gone;
    then nothing was changed.
    """
    credentials = list(Credential.objects.select_for_update())
    for credential in credentials:
        credential.value = encrypt_anew(credential.value)
        credential.rotated_at = timezone.now()
        credential.save(update_fields=["value", "rotated_at"])
        _record(credential, "credential.rotated", actor)
    return len(credentials)


def _record(credential: Credential, kind: str, actor: str) -> None:
    record(
        workspace_id=credential.workspace_id,
        subject=Subject("credential", credential.pk),
        kind=kind,
        actor=actor,
        data={"name": credential.name},
    )
