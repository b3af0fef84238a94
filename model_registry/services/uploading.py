"""Keeping and deleting files of models; what is kept was checked before."""

import hashlib
import re
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from model_registry.adapters.artefact_settings import FILE
from model_registry.adapters.onnx_file import read_checked
from model_registry.adapters.skops_file import ZIP, require_skops
from model_registry.artefact_store import keep_files
from model_registry.errors import (
    ArtefactInUse,
    ArtefactRefused,
    ModelUnavailable,
)
from model_registry.models import Artefact, ArtefactPart, ModelVersion
from model_registry.selectors import get_artefact
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.bodies import MEGABYTE
from orchestrator_site.ledger.api import Subject, record

PART = 1024 * 1024


@transaction.atomic
def add_artefact(
    workspace: Workspace, name: str, chunks: Iterable[bytes], *, actor: str
) -> tuple[Artefact, bool]:
    """Keep a file, and say whether it is new; the same content is kept once.

    Raises: ArtefactRefused if it is too large, no file that Baton loads, or more than
    the workspace may keep. No more is read than a file may have.
    """
    if len(name) > 200 or not re.fullmatch(FILE, name):
        raise ArtefactRefused(
            f"{name[:80]!r} cannot name a file of a model: use letters, digits, '.', "
            "'-' and '_', a letter or digit first. Rename the file."
        )
    content = _read(name, chunks)
    found_format = _format(name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    keep_files(workspace.pk)
    kept = Artefact.objects.in_workspace(workspace)
    if found := kept.filter(sha256=sha256).first():
        return found, False
    _require_room(kept.aggregate(sum=Sum("size"))["sum"] or 0, name, len(content))
    artefact = Artefact.objects.create(
        workspace=workspace,
        sha256=sha256,
        name=name,
        format=found_format,
        size=len(content),
        created_by=actor,
    )
    for number, start in enumerate(range(0, len(content), PART)):
        ArtefactPart.objects.create(
            artefact=artefact, number=number, content=content[start : start + PART]
        )
    _record(artefact, "artefact.added", actor)
    return artefact, True


@transaction.atomic
def delete_artefact(workspace: Workspace, sha256: str, *, actor: str) -> Artefact:
    """Delete a file that no version names.

    Raises: UnknownArtefact, ArtefactInUse
    """
    keep_files(workspace.pk)
    found = get_artefact(workspace, sha256)
    versions = ModelVersion.objects.filter(
        model__workspace=workspace, settings__sha256=sha256
    ).select_related("model")
    if names := ", ".join(map(str, versions)):
        raise ArtefactInUse(
            f"{found.name} stays: {names} would no longer run without it. A version "
            "never changes, so its file is kept as long as it is."
        )
    _record(found, "artefact.deleted", actor)
    Artefact.objects.filter(pk=found.pk).delete()
    return found


def too_large(name: str) -> str:
    """Say that a file is over the limit, and what to do."""
    return (
        f"{name} has more than {settings.UPLOAD_MB} MB, the most that is taken. Whoever "
        "runs Baton can raise BATON_UPLOAD_MB, or put the file into BATON_MODEL_DIR."
    )


def _read(name: str, chunks: Iterable[bytes]) -> bytes:
    most, content = settings.UPLOAD_MB * MEGABYTE, bytearray()
    for chunk in chunks:
        if len(content) + len(chunk) > most:
            raise ArtefactRefused(too_large(name))
        content += chunk
    return bytes(content)


def _format(name: str, content: bytes) -> Artefact.Format:
    """What the content is, whatever it is called. Raises: ArtefactRefused."""
    try:
        if content.startswith(ZIP):
            require_skops(name, content)
            return Artefact.Format.SKOPS
        read_checked(name, content)
    except ModelUnavailable as error:
        raise ArtefactRefused(error.message) from None
    return Artefact.Format.ONNX


def _require_room(used: int, name: str, size: int) -> None:
    if used + size > settings.UPLOAD_QUOTA_MB * MEGABYTE:
        raise ArtefactRefused(
            f"{name} does not fit: the workspace keeps {used:,} bytes already, of "
            f"{settings.UPLOAD_QUOTA_MB} MB. Delete files that no version uses, or ask "
            "whoever runs Baton to raise BATON_UPLOAD_QUOTA_MB."
        )


def _record(artefact: Artefact, kind: str, actor: str) -> None:
    record(
        workspace_id=artefact.workspace_id,
        subject=Subject("artefact", artefact.pk),
        kind=kind,
        actor=actor,
        data={"name": artefact.name, "sha256": artefact.sha256, "size": artefact.size},
    )
