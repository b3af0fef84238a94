import hashlib
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import skops.io
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from model_registry import artefacts
from model_registry.api import call, resolve_version
from model_registry.errors import (
    ManifestInvalid,
    ModelInputInvalid,
    ModelUnavailable,
)
from model_registry.models import Artefact, ModelVersion
from model_registry.probing import check_health, tell_schemas
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.models import make_resolved

pytestmark = pytest.mark.django_db
ROWS = np.array([[1.0, 0.0], [2.0, 1.0], [8.0, 9.0], [9.0, 7.0]])
KINDS = np.array(["good", "good", "bad", "bad"])
ROW = {"fields": ["amount", "fee"]}
PAYMENT = {"amount": 8.5, "fee": 8}


@pytest.fixture
def folder(settings, tmp_path):
    settings.MODEL_DIR = tmp_path
    return tmp_path


def resolve(folder, content, **source):
    (folder / "model.skops").write_bytes(content)
    named = {"file": "model.skops", "sha256": hashlib.sha256(content).hexdigest()}
    return make_resolved(
        adapter="sklearn_skops", runs="cpu", settings={**named, **(source or ROW)}
    )


def ask(resolved, value=PAYMENT):
    return call(resolved, value, timeout_s=60.0, idempotency_key="r/s").output


class Pages(NamedTuple):
    """What people do: upload a file, and have a model with it approved."""

    upload: Callable
    approve: Callable


@pytest.fixture
def pages(client, settings, tmp_path):
    settings.MODEL_DIR, settings.DATA_DIR = tmp_path / "none", tmp_path / "data"
    builder = make_membership(role=Role.BUILDER)
    publisher = make_membership(workspace=builder.workspace, role=Role.PUBLISHER)

    def upload(content, name):
        client.force_login(builder.user)
        file = SimpleUploadedFile(f"{name}.skops", content)
        return client.post(reverse("models:upload_file"), {"file": file})

    def approve(content, name):
        assert upload(content, name).status_code == 302
        form = {
            "name": name,
            "capability": "score",
            "input_schema": "{}",
            "output_schema": "{}",
            "trains_on_data": "no",
            "adapter": "sklearn_skops",
            "uploaded": Artefact.objects.get(name=f"{name}.skops").sha256,
            "setting_fields": '["amount", "fee"]',
            "confirmed": "1",
        }
        assert client.post(reverse("models:new"), form).status_code == 302
        client.force_login(publisher.user)
        approval = reverse("models:standing", args=[name, 1, "approved"])
        assert client.post(approval, {"reason": "Measured."}).status_code == 302
        return resolve_version(builder.workspace.pk, name, 1)

    return Pages(upload, approve)


def changed(content, change):
    """The same skops file with another schema."""
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(rewritten, "w") as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "schema.json":
                data = json.dumps(change(json.loads(data))).encode()
            new.writestr(name, data)
    return rewritten.getvalue()


def test_classifier_gives_a_label_and_probabilities(folder, child_of_calls):
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, KINDS)
    answer = ask(resolve(folder, skops.io.dumps(model)))
    assert answer["label"] == "bad"
    assert answer["probabilities"]["bad"] == pytest.approx(
        model.predict_proba([[8.5, 8.0]])[0][0]
    )


def test_text_goes_through_a_pipeline(folder, child_of_calls):
    model = make_pipeline(TfidfVectorizer(), LogisticRegression())
    model.fit(["parcel late", "my parcel", "refund me", "a refund"], list("aabb"))
    resolved = resolve(folder, skops.io.dumps(model), field="text")
    assert ask(resolved, {"text": "the parcel"})["label"] == "a"
    assert ask(resolved, {"text": ["the parcel", "a refund"]})["label"] == ["a", "b"]


def test_regressor_gives_a_value(folder, child_of_calls):
    model = LinearRegression().fit(ROWS, [1.0, 3.0, 17.0, 16.0])
    answer = ask(resolve(folder, skops.io.dumps(model)), {"amount": 2, "fee": 1})
    assert answer == {"value": pytest.approx(3.0)}


def test_outlier_detector_gives_a_score(folder, child_of_calls):
    model = IsolationForest(n_estimators=20, random_state=0)
    model.fit(np.random.default_rng(0).normal(size=(200, 2)))
    resolved = resolve(folder, skops.io.dumps(model))
    odd, usual = ask(resolved, PAYMENT), ask(resolved, {"amount": 0, "fee": 0})
    assert (odd["is_anomaly"], usual["is_anomaly"]) == (True, False)
    assert odd["score"] > usual["score"]


def test_transformer_gives_a_vector(folder, child_of_calls):
    model = TfidfVectorizer().fit(["one two", "two three"])
    answer = ask(
        resolve(folder, skops.io.dumps(model), field="text"), {"text": "two two"}
    )
    assert answer == {"vector": [0.0, 0.0, 1.0]}


def test_uploaded_file_answers_once_its_version_is_approved(pages, child_of_calls):
    model = LogisticRegression().fit(ROWS, KINDS)
    assert ask(pages.approve(skops.io.dumps(model), "kinds"))["label"] == "bad"
    odd = make_pipeline(FunctionTransformer(np.load), LinearRegression())
    with pytest.raises(ModelUnavailable, match=r"numpy\.load, which may not be loaded"):
        ask(pages.approve(skops.io.dumps(odd), "odd"))


def test_uploaded_file_with_a_pickle_inside_is_refused(pages):
    member = zipped(schema__json=b"{}", data__pkl=pickle.dumps(RunsCode()))
    refused = pages.upload(member, "kinds")
    assert refused.status_code == 422
    assert "holds the pickle &#x27;data.pkl&#x27;, which runs code" in refused.text
    assert not ModelVersion.objects.exists()
    assert not Artefact.objects.exists()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"amount": 1}, "'fee' is missing"),
        ({"amount": 1, "fee": None}, "'fee' holds null"),
        ({"amount": 1, "fee": "much"}, "could not convert"),
    ],
)
def test_input_that_the_estimator_cannot_take(folder, child_of_calls, value, says):
    model = LinearRegression().fit(ROWS, [1.0, 3.0, 17.0, 16.0])
    with pytest.raises(ModelInputInvalid, match=says):
        ask(resolve(folder, skops.io.dumps(model)), value)


class RunsCode:
    """What a pickle may do."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('the pickle ran')",))


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (pickle.dumps(RunsCode()), "it is a pickle, which runs code.*skops.io.dump"),
        (b"x\x9crest", "as joblib writes pickles.*export it to ONNX"),
        (b"\x08\x08", "of another kind, not a skops file"),
        (zipped(data__pkl=b"\x80\x04."), "holds the pickle 'data.pkl'"),
        (zipped(schema__json=b"{}", x__py=b"1"), "holds 'x.py'"),
        (zipped(a__npy=b""), "lacks schema.json"),
        (zipped(schema__json=b"{}")[:-30], "broken zip archive"),
    ],
)
def test_file_that_lies_about_its_type_is_refused(folder, content, says):
    with pytest.raises(ManifestInvalid, match=says):
        resolve(folder, content)


def test_archive_that_unpacks_to_too_much_is_refused(folder, monkeypatch):
    monkeypatch.setattr(artefacts, "MOST_BYTES", 10_000)
    zeros = bytes(20_000)
    with pytest.raises(ManifestInvalid, match="unpacked it would have 20,002 bytes"):
        resolve(folder, zipped(schema__json=b"{}", a__npy=zeros))
    inner = zipped(data__npy=zeros)
    with pytest.raises(ManifestInvalid, match="unpacked its a.npz would have 20,000"):
        resolve(folder, zipped(schema__json=b"{}", a__npz=inner))


def test_function_within_an_estimator_is_refused(folder, child_of_calls):
    model = make_pipeline(FunctionTransformer(np.load), LinearRegression())
    with pytest.raises(ModelUnavailable, match=r"numpy\.load, which may not be loaded"):
        ask(resolve(folder, skops.io.dumps(model)))


def test_type_that_scikit_learn_follows_unseen_is_refused(folder, child_of_calls):
    model = HistGradientBoostingClassifier(max_iter=2).fit(ROWS, KINDS)
    with pytest.raises(ModelUnavailable, match=r"TreePredictor.*ONNX"):
        ask(resolve(folder, skops.io.dumps(model)))


def test_file_that_names_a_command_is_refused(folder, child_of_calls):
    def name_a_command(schema):
        return {**schema, "__class__": "system", "__module__": "os"}

    content = skops.io.dumps(LinearRegression().fit(ROWS, [1.0, 3.0, 17.0, 16.0]))
    with pytest.raises(ModelUnavailable, match=r"os\.system, which may not be loaded"):
        ask(resolve(folder, changed(content, name_a_command)))


def test_what_is_no_estimator_is_refused(folder, child_of_calls):
    with pytest.raises(ModelUnavailable, match="holds a dict, which is no estimator"):
        ask(resolve(folder, skops.io.dumps({"a": 1})))


@pytest.mark.parametrize(("field", "value"), [("left_child", 10_000), ("feature", 77)])
def test_tree_that_points_out_of_itself_is_refused(
    folder, child_of_calls, field, value
):
    model = DecisionTreeClassifier().fit(ROWS, KINDS)
    state = model.tree_.__getstate__()
    state["nodes"][field][0] = value
    model.tree_.__setstate__(state)
    with pytest.raises(ModelUnavailable, match="points out of itself"):
        ask(resolve(folder, skops.io.dumps(model)))


def test_health_is_whether_the_file_is_there_unchanged(folder):
    content = skops.io.dumps(LinearRegression().fit(ROWS, [1.0, 3.0, 17.0, 16.0]))
    resolved = resolve(folder, content)
    assert check_health(resolved).ok
    assert tell_schemas(resolved) is None
    (folder / "model.skops").unlink()
    health = check_health(resolved)
    assert (health.ok, "BATON_MODEL_DIR" in health.message) == (False, True)
