"""Copies of uploaded files on a machine's disk go when nobody keeps the file."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from model_registry.artefact_store import GRACE_S
from model_registry.guarding import keeping
from model_registry.models import Artefact
from orchestrator_site.accounts.roles import Role
from tests.factories import onnx_files
from tests.factories.accounts import make_membership
from tests.fixtures.stack import wait_until
from tests.model_registry.guarding.test_keeping import keeper

__all__ = ["keeper"]

RIGHT = '{"x": {"fields": ["amount", "fee"]}}'
# Refused only once the file was looked into.
WRONG = '{"other": {"fields": ["amount", "fee"]}}'


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.MODEL_DIR, settings.DATA_DIR = tmp_path / "models", tmp_path / "data"


@pytest.fixture
def builder(transactional_db, client):
    builder = make_membership(role=Role.BUILDER)
    client.force_login(builder.user)
    return builder


def upload(client, weights):
    file = SimpleUploadedFile("risk.onnx", onnx_files.linear(weights))
    client.post(reverse("models:upload_file"), {"file": file})
    return Artefact.objects.latest("created_at")


def copy(client, settings, artefact, inputs):
    """Have a version registered, for which the file is copied; give the copy."""
    form = {
        "name": f"risk-{artefact.sha256[:8]}",
        "capability": "score",
        "input_schema": "{}",
        "output_schema": "{}",
        "trains_on_data": "no",
        "adapter": "onnx",
        "uploaded": artefact.sha256,
        "setting_inputs": inputs,
        "confirmed": "1",
    }
    answer = client.post(reverse("models:new"), form)
    assert answer.status_code == (302 if inputs == RIGHT else 422)
    (found,) = settings.DATA_DIR.glob(
        f"*/{artefact.workspace_id}/{artefact.sha256}/risk.onnx"
    )
    return found


def delete(client, artefact):
    client.post(reverse("models:delete_file", args=[artefact.sha256]))


def age(copy):
    long_ago = time.time() - GRACE_S - 60
    os.utime(copy.parent, (long_ago, long_ago))


@pytest.mark.both_databases
def test_only_old_copies_of_deleted_files_go(
    client, builder, keeper, settings, monkeypatch
):
    gone, kept, young = (upload(client, (n, 1.0)) for n in (1.0, 2.0, 3.0))
    copies = [
        copy(client, settings, artefact, inputs)
        for artefact, inputs in ((gone, WRONG), (kept, RIGHT), (young, WRONG))
    ]
    delete(client, gone)
    delete(client, young)
    # What another workspace keeps is no reason to leave it here.
    client.force_login(make_membership(role=Role.BUILDER).user)
    upload(client, (1.0, 1.0))
    for each in copies[:2]:
        age(each)
    monkeypatch.setattr(keeping, "COPIES_S", 0.01)
    keeper.start(probes=False)
    wait_until(lambda: not copies[0].parent.exists(), "the copy being deleted")
    keeper.stop()
    assert [each.exists() for each in copies] == [False, True, True]
