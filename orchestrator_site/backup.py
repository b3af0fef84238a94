"""One archive of everything a SQLite installation keeps, and the way back."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath

from orchestrator_site import keys

FORMAT = "baton.backup/1"
MANIFEST = "manifest.json"
DATABASE = "baton.sqlite3"


class BackupError(Exception):
    """Base class; the text says what is wrong and what to do."""

    code = "backup_failed"


class TargetExists(BackupError):
    code = "backup_target_exists"


class ArchiveInvalid(BackupError):
    code = "backup_archive_invalid"

    def __init__(self, archive: Path, reason: str) -> None:
        super().__init__(
            f"{archive} is no whole backup: {reason}. Nothing has been changed."
        )


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database while others write to it; the copy is its owner's only."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)


def back_up(*, data_dir: Path, database: Path, archive: Path) -> None:
    """Write database and keys into a new archive, whole or not at all.

    Raises: TargetExists, BackupError where there is nothing to copy or no place for it.
    """
    if archive.exists():
        raise TargetExists(f"{archive} exists already. Give a new file name.")
    if not database.exists():
        raise BackupError(
            f"There is no database at {database}. Run manage.py up first."
        )
    try:
        with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as name:
            folder = Path(name)
            copy_database(database, folder / DATABASE)
            draft = folder / "archive"
            _pack(draft, {DATABASE: folder / DATABASE, **_key_files(data_dir)})
            os.link(draft, archive)
    except FileExistsError as error:
        raise TargetExists(f"{archive} exists already. Give a new name.") from error
    except OSError as error:
        raise BackupError(f"{archive} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise BackupError(f"{database} cannot be copied: {error}.") from error


def restore(*, archive: Path, data_dir: Path, database: Path) -> None:
    """Put an archive's content where no database is; the archive is checked first.

    Raises: TargetExists, ArchiveInvalid, BackupError.
    """
    if leftover := sorted(database.parent.glob(f"{database.name}*")):
        raise TargetExists(
            f"{leftover[0]} exists. Move it away, together with the keys beside it, and "
            "restore again."
        )
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as name:
        folder = Path(name)
        names = _unpack(archive, folder)
        _check_database(archive, folder / DATABASE)
        (data_dir / keys.FOLDER).mkdir(mode=0o700, exist_ok=True)
        for key in names - {DATABASE}:
            (folder / key).replace(data_dir / key)
        (folder / DATABASE).replace(database)


def _key_files(data_dir: Path) -> dict[str, Path]:
    found = sorted((data_dir / keys.FOLDER).glob("[!.]*"))
    return {f"{keys.FOLDER}/{path.name}": path for path in found}


def _pack(target: Path, files: Mapping[str, Path]) -> None:
    digests = {name: _digest(path) for name, path in files.items()}
    manifest = json.dumps({"format": FORMAT, "sha256": digests}).encode("utf-8")
    with (
        open(target, "xb", opener=_open_private) as file,
        tarfile.open(fileobj=file, mode="w:gz") as tar,
    ):
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(manifest)
        tar.addfile(head, io.BytesIO(manifest))
        for name, path in files.items():
            tar.add(path, arcname=name, recursive=False)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _unpack(archive: Path, folder: Path) -> set[str]:
    """Write the archive's files below `folder`; returns their names.

    Only names that a backup has are taken, and each by its content alone: an archive
    cannot choose a path, a mode or a link.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            digests = _read_manifest(tar)
            for name in digests:
                _extract(tar, name, folder)
    except FileNotFoundError as error:
        raise BackupError(f"{archive} does not exist.") from error
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise ArchiveInvalid(archive, str(error) or "it ends too early") from error
    for name, digest in digests.items():
        if _digest(folder / name) != digest:
            raise ArchiveInvalid(archive, f"{name} is not as it was written")
    return set(digests)


def _read_manifest(tar: tarfile.TarFile) -> dict[str, str]:
    file = tar.extractfile(MANIFEST)
    manifest = json.load(file) if file else {}
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    digests = {str(name): str(digest) for name, digest in manifest["sha256"].items()}
    if DATABASE not in digests or not all(_is_expected(name) for name in digests):
        raise ValueError("its list of files is not that of a backup")
    return digests


def _is_expected(name: str) -> bool:
    path = PurePosixPath(name)
    return name == DATABASE or (
        path.parent == PurePosixPath(keys.FOLDER) and not path.name.startswith(".")
    )


def _extract(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    content = tar.extractfile(name)
    if content is None:
        raise ValueError(f"{name} is no file")
    target = folder / name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with open(target, "xb", opener=_open_private) as file:
        shutil.copyfileobj(content, file)


def _check_database(archive: Path, database: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as copy:
            answer = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise ArchiveInvalid(
            archive, f"its database cannot be read ({error})"
        ) from error
    if answer != "ok":
        raise ArchiveInvalid(archive, f"its database is damaged ({answer})")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
