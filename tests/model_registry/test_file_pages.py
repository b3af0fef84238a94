"""The page of files: uploading, what a refusal says, deleting, who may."""

import pickle

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.test import Client
from django.urls import reverse

from model_registry.models import Artefact
from model_registry.services.uploading import add_artefact
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.models import make_draft
from tests.factories.onnx_files import linear

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_folders(settings, tmp_path):
    settings.MODEL_DIR = tmp_path / "models"
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def builder(client):
    member = make_membership(role=Role.BUILDER)
    client.force_login(member.user)
    return member


def upload(client, content, name="risk.onnx"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("models:upload_file"), {"file": file}, follow=True)


def test_file_is_uploaded_listed_and_deleted(client, builder):
    listed = upload(client, linear())
    kept = Artefact.objects.get()
    for told in ("risk.onnx", "ONNX", kept.sha256, str(builder.user.name)):
        assert told in listed.text
    address = reverse("models:delete_file", args=[kept.sha256])
    assert "Delete the file risk.onnx?" in client.get(address).text
    deleted = client.post(address, follow=True)
    assert "Deleted: file risk.onnx" in deleted.text
    assert not Artefact.objects.exists()


def test_what_is_wrong_stands_at_the_field(client, builder):
    refused = upload(client, pickle.dumps({}))
    assert refused.status_code == 422
    assert "it is a pickle" in refused.text
    missing = client.post(reverse("models:upload_file"), {"file": ""})
    assert "Choose a file." in missing.text


class NoUploads(FileUploadHandler):
    """Is asked as soon as Django begins to read a form with a file."""

    def handle_raw_input(self, *_args, **_kwargs):
        raise AssertionError("the form was read")


def test_form_that_is_too_large_is_refused_unread(client, builder, settings):
    settings.UPLOAD_MB = 1
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.NoUploads"]
    refused = upload(client, bytes(1_100_000))
    assert refused.status_code == 413
    assert "The file has more than 1 MB" in refused.text
    with pytest.raises(AssertionError, match="the form was read"):
        upload(client, bytes(1_000_000))


def test_upload_asks_for_the_token_of_the_form(builder):
    client = Client(enforce_csrf_checks=True)
    client.force_login(builder.user)
    assert upload(client, linear()).status_code == 403
    client.get(reverse("models:upload_file"))
    file = SimpleUploadedFile("risk.onnx", linear())
    form = {"file": file, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(reverse("models:upload_file"), form).status_code == 302


def test_file_in_use_names_its_version_and_stays(client, builder):
    kept, _ = add_artefact(
        builder.workspace, "risk.onnx", [linear()], actor=builder.user.email
    )
    named = {"file": "risk.onnx", "sha256": kept.sha256}
    make_draft(
        workspace=builder.workspace,
        model="risk",
        adapter="onnx",
        runs="cpu",
        settings={**named, "inputs": {"x": {"fields": ["amount", "fee"]}}},
    )
    page = client.get(reverse("models:files"))
    assert "risk 1" in page.text
    address = reverse("models:delete_file", args=[kept.sha256])
    assert address not in page.text
    assert "risk 1 would no longer run" in client.post(address).text
    assert Artefact.objects.exists()


def test_viewer_sees_files_and_changes_none(client, builder):
    viewer = make_membership(workspace=builder.workspace, role=Role.VIEWER)
    upload(client, linear())
    client.force_login(viewer.user)
    page = client.get(reverse("models:files"))
    assert "risk.onnx" in page.text
    assert reverse("models:upload_file") not in page.text
    assert upload(client, linear()).status_code == 403
