"""Secrets that belong to one installation, kept in its data folder."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from orchestrator_site.env import SettingInvalid

FOLDER = "keys"


def read_or_create(data_dir: Path, name: str) -> str:
    """Read the secret `name` of this installation; make it on first use.

    The file is readable by its owner only. Two processes that start at once agree on
    one value: whoever creates the file wins.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _create(path, _new_secret(name))
    return path.read_text(encoding="ascii").strip()


def encryption_keys(text: str) -> tuple[str, ...]:
    """Split keys at commas, spaces and line ends; the first one encrypts.

    Raises: SettingInvalid if one is no Fernet key; it is not shown.
    """
    found = tuple(text.replace(",", " ").split())
    for number, key in enumerate(found, start=1):
        try:
            Fernet(key)
        except ValueError as error:
            raise SettingInvalid(
                f"Key {number} in BATON_ENCRYPTION_KEY is no Fernet key: 32 bytes in "
                "URL-safe base64."
            ) from error
    return found


def _new_secret(name: str) -> str:
    if name == "encryption_key":
        return Fernet.generate_key().decode("ascii")
    return secrets.token_urlsafe(48)


def _create(path: Path, value: str) -> None:
    """Write beside and link into place, so that no reader sees half a secret."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
