"""Files of models by REST: uploaded, registered, called, refused, deleted."""

import hashlib
import pickle

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from model_registry.api import call, close_child, resolve_version
from model_registry.models import Artefact
from orchestrator_site.accounts.roles import Role, Scope
from tests.factories import onnx_files as files
from tests.factories.accounts import make_membership, make_workspace
from tests.flows.api.clients import API, make_client

RISK = files.linear()
SHA256 = hashlib.sha256(RISK).hexdigest()
PATH = f"/model-artefacts/{SHA256}"
MANIFEST = {
    "model": "risk",
    "capability": "score",
    "input_schema": {"type": "object"},
    "output_schema": {"type": "object"},
    "version": {
        "adapter": "onnx",
        "runs": "cpu",
        "settings": {
            "file": "risk.onnx",
            "sha256": SHA256,
            "inputs": {"x": {"fields": ["amount", "fee"]}},
        },
    },
}


@pytest.fixture(autouse=True)
def empty_folders(settings, tmp_path):
    settings.MODEL_DIR = tmp_path / "models"
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def child_of_calls():
    yield
    close_child()


def upload(client, content=RISK, name="risk.onnx"):
    file = SimpleUploadedFile(name, content, content_type="text/plain")
    return client.post(f"{API}/model-artefacts", {"file": file})


def person(workspace, role):
    user = make_membership(workspace=workspace, role=role).user
    return make_client(workspace, user=user, scopes=(Scope.READ, Scope.WRITE))


def test_uploaded_file_answers_once_its_version_is_approved(workspace, child_of_calls):
    builder = person(workspace, Role.BUILDER)
    first, again = upload(builder), upload(builder, name="other.bin")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == builder.read(PATH)
    assert first.json()["sha256"] == SHA256
    assert builder.read("/model-artefacts")["items"] == [first.json()]
    registered = builder.send("POST", "/models", {"manifest": MANIFEST})
    assert registered.status_code == 201, registered.content
    approval = {"status": "approved", "reason": "Measured."}
    standing = "/models/risk/versions/1/standing"
    assert (
        person(workspace, Role.PUBLISHER).send("POST", standing, approval).status_code
        == 200
    )
    reply = call(
        resolve_version(workspace.pk, "risk", 1),
        {"amount": 3, "fee": 0.5},
        timeout_s=60.0,
        idempotency_key="r/s",
    )
    assert reply.output == {"score": [5.5], "sign": [1.0]}
    refused = builder.send("DELETE", PATH)
    assert (refused.status_code, refused.json()["code"]) == (409, "artefact_in_use")
    assert "risk 1 would no longer run" in refused.json()["detail"]


def test_file_that_no_version_names_is_deleted(api):
    upload(api)
    assert api.send("DELETE", PATH).json()["sha256"] == SHA256
    gone = api.send("GET", PATH)
    assert (gone.status_code, gone.json()["code"]) == (404, "artefact_not_found")
    assert api.send("DELETE", PATH).status_code == 404


def test_other_workspace_neither_sees_nor_names_it(api):
    upload(api)
    stranger = make_client(make_workspace())
    assert stranger.read("/model-artefacts")["items"] == []
    refused = stranger.send("POST", "/models", {"manifest": MANIFEST})
    assert refused.status_code == 422
    assert "There is no file risk.onnx" in refused.json()["problems"][0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("risk.onnx", pickle.dumps({"w": [1]}), "it is a pickle"),
        ("risk.onnx", RISK[:-7], "only a part of one"),
        ("../risk onnx", RISK, "Rename the file"),
    ],
)
def test_refusal_says_what_is_wrong(api, name, content, says):
    refused = upload(api, content, name)
    assert (refused.status_code, refused.json()["code"]) == (422, "artefact_refused")
    assert says in refused.json()["detail"]
    assert not Artefact.objects.exists()


def test_too_large_is_refused_by_its_length_or_while_it_is_read(api, settings):
    settings.UPLOAD_MB = 1
    unread = upload(api, b"a" * 1_100_000)
    assert (unread.status_code, unread.json()["code"]) == (413, "document_too_large")
    # With the form around it, its length alone does not tell.
    stopped = upload(api, b"a" * (1024 * 1024 + 1))
    assert (stopped.status_code, stopped.json()["code"]) == (422, "artefact_refused")
    assert "BATON_UPLOAD_MB" in stopped.json()["detail"]


def test_workspace_has_a_quota(api, settings):
    upload(api)
    settings.UPLOAD_QUOTA_MB = 0
    assert upload(api).status_code == 200
    refused = upload(api, files.echoing(), "echo.onnx")
    assert refused.status_code == 422
    assert "BATON_UPLOAD_QUOTA_MB" in refused.json()["detail"]
