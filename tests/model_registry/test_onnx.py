import hashlib
import io
import pickle
import zipfile

import pytest

from model_registry import artefacts
from model_registry.adapters import onnx
from model_registry.api import call
from model_registry.errors import (
    ManifestInvalid,
    ModelAnswerInvalid,
    ModelInputInvalid,
    ModelUnavailable,
)
from model_registry.probing import check_health, tell_schemas
from tests.factories import onnx_files as files
from tests.factories.models import make_load_request, make_resolved

pytestmark = pytest.mark.django_db
ROW = {"x": {"fields": ["amount", "fee"]}}
TABLE = {"x": {"field": "rows"}}
PAYMENT = {"amount": 3, "fee": 0.5}


def put(folder, content, name="model.onnx"):
    """Put a file there, as whoever runs Baton does; the settings that name it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {"file": name, "sha256": hashlib.sha256(content).hexdigest()}


@pytest.fixture
def folder(settings, tmp_path):
    settings.MODEL_DIR = tmp_path
    return tmp_path


def resolve(folder, content, inputs=ROW, **more):
    file = put(folder, content)
    named = {**file, "inputs": inputs, **more}
    return make_resolved(adapter="onnx", runs="cpu", settings=named)


def ask(resolved, value):
    return call(resolved, value, timeout_s=20.0, idempotency_key="r/s").output


def test_fields_make_one_row_and_its_answer_is_no_list(folder, child_of_calls):
    resolved = resolve(folder, files.linear())
    assert ask(resolved, PAYMENT) == {"score": [5.5], "sign": [1.0]}


def test_field_holds_many_rows_and_outputs_are_named_anew(folder, child_of_calls):
    resolved = resolve(folder, files.linear(), TABLE, outputs={"risk": "score"})
    answer = ask(resolved, {"rows": [[1, 1], [0, 4]]})
    assert answer == {"risk": [[1.0], [-4.0]]}


def test_texts_go_in_and_come_out(folder, child_of_calls):
    resolved = resolve(folder, files.echoing(), {"text": {"field": "text"}})
    assert ask(resolved, {"text": "grüß dich"}) == {"same": ["grüß dich"]}


@pytest.mark.parametrize(
    ("inputs", "value", "says"),
    [
        (ROW, {"amount": 1}, "'fee' is missing"),
        (ROW, {"amount": 1, "fee": "much"}, "'x' takes numbers only"),
        (TABLE, {"rows": [[1, 2], [3]]}, "different lengths"),
        (TABLE, {"rows": [[1, 2, 3]]}, "invalid dimensions|Got invalid|index: 1"),
    ],
)
def test_input_that_the_file_cannot_take(folder, child_of_calls, inputs, value, says):
    with pytest.raises(ModelInputInvalid, match=says):
        ask(resolve(folder, files.linear(), inputs), value)


def test_answer_that_is_no_number_is_no_answer(folder, child_of_calls):
    resolved = resolve(folder, files.linear([float("inf"), float("-inf")]))
    with pytest.raises(ModelAnswerInvalid, match="not JSON"):
        ask(resolved, {"amount": 1, "fee": 1})


def test_file_changed_after_it_was_registered_is_not_loaded(folder, child_of_calls):
    resolved = resolve(folder, files.linear())
    (folder / "model.onnx").write_bytes(files.linear([9.0, 9.0]))
    with pytest.raises(ModelUnavailable, match="is not the file of this version"):
        ask(resolved, PAYMENT)
    health = check_health(resolved)
    assert (health.ok, "not the file" in health.message) == (False, True)


def test_health_and_schema_are_read_from_the_file(folder):
    resolved = resolve(folder, files.linear(), TABLE)
    assert check_health(resolved).ok
    told = tell_schemas(resolved)
    number = {"type": "number"}
    row = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    assert told.input["properties"] == {"rows": {"type": "array", "items": row}}
    assert set(told.output["properties"]) == {"score", "sign"}
    one = tell_schemas(resolve(folder, files.linear(), ROW))
    assert one.input["properties"] == {"amount": number, "fee": number}


class RunsCode:
    """What a pickle may do: `ran` would be changed by loading it."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('the pickle ran')",))


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return content.getvalue()


IN_CONSTANT = files.model(
    files.node(
        "Constant",
        [],
        ["w"],
        files.message(
            5,
            files.message(1, "value"),
            files.message(5, files.external("w", [2, 1], "/etc/hostname")),
            files.number(20, 4),
        ),
    ),
    files.node("MatMul", ["x", "w"], ["score"]),
    files.value(11, "x", files.FLOAT, ["rows", 2]),
    files.value(12, "score", files.FLOAT, ["rows", 1]),
)
IN_BRANCH = files.model(
    files.node(
        "If",
        ["c"],
        ["score"],
        files.message(
            5,
            files.message(1, "then_branch"),
            files.message(
                6, files.message(5, files.external("w", [1], "../weights.bin"))
            ),
            files.number(20, 5),
        ),
    ),
    files.value(11, "x", files.FLOAT, [1]),
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (pickle.dumps(RunsCode()), "it is a pickle, which runs code.*Export"),
        (pickle.dumps(RunsCode(), protocol=2), "it is a pickle"),
        (zipped(data__pkl=pickle.dumps([1])), "a zip archive, as PyTorch"),
        (b"\x1f\x8b\x08rest", "as joblib writes pickles"),
        (b"<html>404</html>", "HTML"),
        (b"\x08\x00\x00\x00ORTMrest", "no ONNX file"),
        (b"", "no ONNX file"),
        (files.linear()[:-9], "no ONNX file, or only a part"),
        (b"\xff" * 40, "no ONNX file, or only a part"),
        (IN_CONSTANT, "keeps weights in other files"),
        (IN_BRANCH, "keeps weights in other files"),
        (
            files.model(
                files.message(5, files.external("w", [2, 1], "../../etc/passwd"))
            ),
            "keeps weights in other files. Save it as one",
        ),
    ],
)
def test_file_that_lies_about_its_type_or_names_others_is_refused(
    folder, content, says
):
    with pytest.raises(ManifestInvalid, match=says):
        resolve(folder, content)
    request = make_load_request(
        {**put(folder, content), "inputs": ROW}, model_dir=folder
    )
    with pytest.raises(ModelUnavailable, match=says):
        onnx.schema(request, 1.0)


def test_weights_outside_are_refused_where_the_file_is_run_too(folder, child_of_calls):
    resolved = resolve(folder, files.linear())
    lying = put(folder, IN_CONSTANT)
    changed = type(resolved)(
        **{name: getattr(resolved, name) for name in type(resolved).__slots__}
        | {"settings": {**lying, "inputs": ROW}, "digest": "other"}
    )
    with pytest.raises(ModelUnavailable, match="keeps weights in other files"):
        ask(changed, PAYMENT)


def test_link_that_leads_out_of_the_folder_is_no_file(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    file = put(outside, files.linear())
    (folder / "model.onnx").symlink_to(outside / "model.onnx")
    with pytest.raises(ModelUnavailable, match="no file model.onnx in the folder"):
        artefacts.read(folder, file["file"], file["sha256"])


def test_file_that_is_too_large_is_refused_before_it_is_read(folder):
    with (folder / "model.onnx").open("wb") as large:
        large.truncate(artefacts.MOST_BYTES + 1)
    with pytest.raises(ModelUnavailable, match="at most 536,870,912 are loaded"):
        artefacts.read(folder, "model.onnx", "0" * 64)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../model.onnx", "a/../../b.onnx", "a//b", ".hidden", ""]
)
def test_name_that_leads_elsewhere_is_refused(folder, name):
    named = {"file": name, "sha256": "0" * 64, "inputs": ROW}
    with pytest.raises(ManifestInvalid, match=r"settings\.file"):
        make_resolved(adapter="onnx", runs="cpu", settings=named)


@pytest.mark.parametrize(
    ("inputs", "more", "says"),
    [
        ({"y": {"field": "rows"}}, {}, "inputs: model.onnx takes x"),
        (ROW, {"outputs": {"risk": "danger"}}, "outputs: model.onnx gives score, sign"),
    ],
)
def test_names_that_the_file_does_not_have(folder, inputs, more, says):
    with pytest.raises(ManifestInvalid, match=says):
        resolve(folder, files.linear(), inputs, **more)


def test_operator_that_the_runtime_lacks_is_told_when_it_is_loaded(
    folder, child_of_calls
):
    strange = files.model(
        files.node("Teleport", ["x"], ["score"]),
        files.value(11, "x", files.FLOAT, ["rows", 2]),
        files.value(12, "score", files.FLOAT, ["rows", 1]),
    )
    with pytest.raises(ModelUnavailable, match=r"refused by the runtime.*Teleport"):
        ask(resolve(folder, strange), PAYMENT)
