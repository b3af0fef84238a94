"""Uploaded files of models: from the database to where a process opens them."""

import os
import tempfile
from pathlib import Path
from uuid import UUID

from django.conf import settings as site

from model_registry.json_values import JsonObject
from model_registry.models import ArtefactPart
from orchestrator_site.accounts.api import Workspace


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
    folder = site.DATA_DIR / "uploaded-models" / str(workspace_id) / sha256
    if (folder / file).exists() or _copy(workspace_id, sha256, folder / file):
        return folder
    return site.MODEL_DIR


def keep_files(workspace: Workspace) -> None:
    """Let nobody else add, name or delete a file until this transaction ends.

    Other rows of the workspace can be added meanwhile.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


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
