"""Uploaded files of models: from the database to where a process opens them."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings as site
from django.db import transaction

from model_registry.json_values import JsonObject
from model_registry.models import Artefact, ArtefactPart
from orchestrator_site.accounts.api import Workspace

# A copy may be under way for this long.
GRACE_S = 3600


def folder_of(workspace_id: UUID, settings: JsonObject) -> Path:
    """The folder in which the file that a version names is looked for.

    The operator's, unless the file is missing there and the workspace has uploaded one
    of this digest. That is copied once, into a folder of the workspace and the digest,
    so that nobody finds what another workspace has uploaded. Whoever loads the file
    compares its digest.
    """
    file, sha256 = settings.get("file"), settings.get("sha256")
    if not (isinstance(file, str) and isinstance(sha256, str)):
        return site.MODEL_DIR
    if (site.MODEL_DIR / file).exists():
        return site.MODEL_DIR
    folder = _copies() / str(workspace_id) / sha256
    if (folder / file).exists() or _copy(workspace_id, sha256, folder / file):
        return folder
    return site.MODEL_DIR


def keep_files(workspace_id: UUID) -> None:
    """Let nobody else add, name or delete a file until this transaction ends.

    Other rows of the workspace can be added meanwhile.
    """
    Workspace.objects.select_for_update(no_key=True).filter(pk=workspace_id).first()


def delete_old_copies() -> None:
    """Delete copies on this machine of files that their workspaces keep no longer."""
    old = {(UUID(each.parent.name), each.name): each for each in _old_copies()}
    digests = {sha256 for _workspace_id, sha256 in old}
    kept = Artefact.objects.filter(sha256__in=digests)
    unkept = old.keys() - set(kept.values_list("workspace_id", "sha256"))
    for workspace_id, sha256 in unkept:
        with transaction.atomic():
            keep_files(workspace_id)
            if not kept.filter(workspace=workspace_id, sha256=sha256).exists():
                shutil.rmtree(old[workspace_id, sha256], ignore_errors=True)


def _old_copies() -> Iterator[Path]:
    for folder in _copies().glob("*/*"):
        # Another process of this machine may be deleting it.
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - GRACE_S:
                yield folder


def _copies() -> Path:
    return site.DATA_DIR / "uploaded-models"


def _copy(workspace_id: UUID, sha256: str, path: Path) -> bool:
    """Write the parts beside the place and move them there whole; False if none are."""
    parts = (
        ArtefactPart.objects.filter(
            artefact__workspace_id=workspace_id, artefact__sha256=sha256
        )
        .order_by("number")
        .values_list("content", flat=True)
    )
    if not parts.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as copy:
            for content in parts.iterator(chunk_size=4):
                copy.write(content)
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)
    return True
