"""Files that a workspace keeps: added, named by a version, called, deleted."""

import io
import pickle
import zipfile

import pytest
from django.core.management import CommandError, call_command

from model_registry.api import (
    Status,
    call,
    check_manifest,
    register,
    resolve_version,
    set_standing,
)
from model_registry.errors import ManifestInvalid
from model_registry.models import Artefact
from orchestrator_site.bodies import MEGABYTE
from orchestrator_site.ledger.models import Chain, Event
from tests.factories import onnx_files as files
from tests.factories.accounts import make_workspace

pytestmark = pytest.mark.django_db
ROW = {"x": {"fields": ["amount", "fee"]}}


@pytest.fixture(autouse=True)
def empty_folders(settings, tmp_path):
    settings.MODEL_DIR = tmp_path / "models"
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def workspace():
    return make_workspace()


def add(tmp_path, content, name="risk.onnx", workspace=None):
    path = tmp_path / name
    path.write_bytes(content)
    slug = workspace and workspace.slug
    call_command("add_artefact", path, workspace=slug)


def delete(artefact, workspace):
    call_command("delete_artefact", artefact.sha256, workspace=workspace.slug)


def register_with(artefact, workspace):
    manifest = check_manifest(
        {
            "model": "risk",
            "capability": "score",
            "input_schema": {"type": "object"},
            "output_schema": {"type": "object"},
            "version": {
                "adapter": "onnx",
                "runs": "cpu",
                "settings": {
                    "file": "risk.onnx",
                    "sha256": artefact.sha256,
                    "inputs": ROW,
                },
            },
        }
    )
    return register(workspace, manifest, "user:ann", may_move=True)[0]


def zipped(name):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, pickle.dumps({}))
    return content.getvalue()


def test_file_is_kept_once_and_a_version_that_names_it_answers(
    tmp_path, workspace, child_of_calls, capsys
):
    add(tmp_path, files.linear(), workspace=workspace)
    add(tmp_path, files.linear(), workspace=workspace)
    artefact = Artefact.objects.get()
    said = capsys.readouterr().out
    assert "is kept" in said
    assert "was there already" in said
    assert (artefact.format, artefact.size) == ("onnx", len(files.linear()))
    version = register_with(artefact, workspace)
    set_standing(version, Status.APPROVED, actor="system:cli", reason="Measured.")
    reply = call(
        resolve_version(workspace.pk, "risk", version.number),
        {"amount": 3, "fee": 0.5},
        timeout_s=20.0,
        idempotency_key="r/s",
    )
    assert reply.output == {"score": [5.5], "sign": [1.0]}


def test_other_workspace_cannot_name_it(tmp_path, workspace):
    add(tmp_path, files.linear(), workspace=workspace)
    artefact = Artefact.objects.get()
    register_with(artefact, workspace)
    with pytest.raises(ManifestInvalid, match=r"There is no file risk\.onnx"):
        register_with(artefact, make_workspace())


def test_file_in_use_stays_and_others_go_with_events(tmp_path, workspace):
    add(tmp_path, files.linear(), workspace=workspace)
    used = Artefact.objects.get()
    register_with(used, workspace)
    with pytest.raises(CommandError, match="risk 1 would no longer run"):
        delete(used, workspace)
    add(tmp_path, files.echoing(), "echo.onnx", workspace)
    unused = Artefact.objects.get(name="echo.onnx")
    delete(unused, workspace)
    assert list(Artefact.objects.all()) == [used]
    chain = Chain.objects.get(subject__contains=str(unused.pk))
    told = Event.objects.filter(chain_id=chain.pk)
    kinds = told.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["artefact.added", "artefact.deleted"]
    with pytest.raises(CommandError, match="No file with the SHA-256"):
        delete(unused, workspace)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (pickle.dumps({"weights": [1]}), "it is a pickle"),
        (zipped("model.joblib"), "holds the pickle 'model.joblib'"),
        (zipped("data.pkl"), "holds the pickle"),
        (files.linear()[:-7], "no ONNX file, or only a part of one"),
        (zipped("schema.json")[:-30], "broken zip archive"),
        (
            files.model(files.message(5, files.external("w", [1], "../weights.bin"))),
            "keeps weights in other files",
        ),
        (b"", "no ONNX file"),
        (b"<html>", "a page of HTML"),
    ],
)
def test_what_is_no_model_is_refused_whatever_its_name(
    content, says, tmp_path, workspace
):
    with pytest.raises(CommandError, match=says):
        add(tmp_path, content, workspace=workspace)
    assert not Artefact.objects.exists()


def test_file_and_workspace_have_limits(tmp_path, workspace, settings):
    settings.UPLOAD_MB, settings.UPLOAD_QUOTA_MB = 1, 1
    with pytest.raises(CommandError, match="BATON_UPLOAD_MB"):
        add(tmp_path, b"a" * (MEGABYTE + 1), workspace=workspace)
    add(tmp_path, files.linear(), workspace=workspace)
    settings.UPLOAD_QUOTA_MB = 0
    with pytest.raises(CommandError, match="BATON_UPLOAD_QUOTA_MB"):
        add(tmp_path, files.echoing(), workspace=workspace)
