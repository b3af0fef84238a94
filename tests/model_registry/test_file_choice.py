"""Registering with a file that was uploaded: chosen from a list, not typed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from model_registry.models import Artefact, Model
from orchestrator_site.accounts.roles import Role
from tests.factories import onnx_files
from tests.factories.accounts import make_membership
from tests.factories.models import make_draft
from tests.model_registry.test_register_pages import member, send

__all__ = ["member", "send"]

pytestmark = pytest.mark.django_db
INPUTS = {"x": {"fields": ["amount", "fee"]}}
MODEL = {
    "kind": "model",
    "name": "risk",
    "capability": "score",
    "input_schema": "{}",
    "output_schema": "{}",
    "alias": "champion",
    "trains_on_data": "no",
    "adapter": "onnx",
    "setting_inputs": '{"x": {"fields": ["amount", "fee"]}}',
}


@pytest.fixture(autouse=True)
def empty_folders(settings, tmp_path):
    settings.MODEL_DIR = tmp_path / "models"
    settings.MODEL_DIR.mkdir()
    settings.DATA_DIR = tmp_path / "data"


def upload(client, content, name="risk.onnx"):
    file = SimpleUploadedFile(name, content)
    client.post(reverse("models:upload_file"), {"file": file})
    return Artefact.objects.get(name=name)


def settings_of_newest(member):
    [version] = Model.objects.in_workspace(member.workspace).get().versions.all()
    return version.settings


def test_chosen_file_gives_name_and_digest(client, send, member):
    risk = upload(client, onnx_files.linear())
    upload(client, onnx_files.echoing(), "echo.onnx")
    status, text = send({**MODEL, "look": "1"})
    assert status == 200
    for told in ("risk.onnx", "echo.onnx", f'value="{risk.sha256}"'):
        assert told in text
    assert send({**MODEL, "uploaded": risk.sha256})[0] == 302
    stored = settings_of_newest(member)
    assert stored == {"file": "risk.onnx", "sha256": risk.sha256, "inputs": INPUTS}


def test_other_formats_and_other_workspaces_are_not_offered(client, send, member):
    risk = upload(client, onnx_files.linear())
    assert (
        risk.sha256 not in send({**MODEL, "adapter": "sklearn_skops", "look": "1"})[1]
    )
    client.force_login(make_membership(role=Role.BUILDER).user)
    status, text = send({**MODEL, "look": "1"})
    assert status == 200
    assert "The workspace keeps no ONNX file yet." in text
    assert reverse("models:upload_file") in text
    assert risk.sha256 not in text


def test_file_of_the_workers_is_still_typed(client, send, member, settings):
    risk = upload(client, onnx_files.linear())
    (settings.MODEL_DIR / "other.onnx").write_bytes(onnx_files.linear())
    typed = {"uploaded": "elsewhere", "setting_file": "other.onnx"}
    status, text = send({**MODEL, **typed})
    assert status == 422
    assert 'id="id_setting_sha256-error"' in text
    typed["setting_sha256"] = risk.sha256
    status, text = send({**MODEL, **typed, "setting_file": "../other.onnx"})
    assert status == 422
    assert 'id="id_setting_file-error"' in text
    assert send({**MODEL, **typed})[0] == 302
    assert settings_of_newest(member)["file"] == "other.onnx"


@pytest.mark.parametrize(
    ("sent", "said"),
    [({}, "Choose a file."), ({"uploaded": "0" * 64}, "This file was deleted.")],
)
def test_choice_that_is_missing_or_gone_is_the_one_thing_to_mend(
    client, send, sent, said
):
    upload(client, onnx_files.linear())
    status, text = send({**MODEL, **sent})
    assert status == 422
    assert "1 field to mend." in text
    start = text.index('id="id_uploaded-error"')
    assert said in text[start : start + 400]


def test_what_is_wrong_with_a_chosen_file_stands_at_the_choice(client, send, settings):
    risk = upload(client, onnx_files.linear())
    (settings.MODEL_DIR / "risk.onnx").write_bytes(onnx_files.echoing())
    status, text = send({**MODEL, "uploaded": risk.sha256})
    assert status == 422
    start = text.index('id="id_uploaded-error"')
    assert "is not the file of this version" in text[start : start + 400]


@pytest.mark.parametrize(
    ("name", "chosen"), [("risk.onnx", None), ("kept/risk.onnx", "elsewhere")]
)
def test_new_version_begins_with_the_file_of_the_newest(
    client, member, settings, name, chosen
):
    risk = upload(client, onnx_files.linear())
    named = {"file": name, "sha256": risk.sha256, "inputs": INPUTS}
    make_draft(
        workspace=member.workspace,
        model="risk",
        adapter="onnx",
        runs="cpu",
        settings=named,
    )
    page = client.get(reverse("models:new_version", args=["risk"])).text
    ticked = page.index(f'value="{chosen or risk.sha256}"')
    assert "checked" in page[ticked : page.index(">", ticked)]
