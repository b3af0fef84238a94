import pytest

from model_registry.api import call, move_alias, register_builtin, resolve
from model_registry.builtin.shipped import read_shipped
from model_registry.documents import governance_document
from model_registry.facts import GovernanceRecord
from model_registry.models import ModelVersion
from model_registry.services.registering import register
from tests.factories.accounts import make_workspace
from tests.factories.models import make_manifest

pytestmark = pytest.mark.django_db


def test_models_that_ship_are_registered_once():
    workspace = make_workspace()
    versions = register_builtin(workspace, "system:seed")
    again = register_builtin(workspace, "system:seed")
    assert {version.model.name for version in versions} == set(read_shipped())
    assert again == versions
    standings = {(v.standing.status, v.standing.changed_by) for v in versions}
    assert standings == {("approved", "system:setup")}
    assert ModelVersion.objects.count() == len(read_shipped())
    cards = {version.model.name: version.model.card for version in versions}
    assert [n for n, card in cards.items() if not card.startswith(f"# {n}\n")] == []


def test_everything_is_on_record_about_the_models_that_ship():
    for version in register_builtin(make_workspace(), "system:seed"):
        record = governance_document(version.model)
        assert set(record) == set(GovernanceRecord.model_fields), version.model
        assert record["trains_on_data"] == "no"


def test_alias_that_somebody_moved_stays():
    workspace = make_workspace()
    shipped = {v.model.name: v for v in register_builtin(workspace, "system:seed")}
    model = shipped["echo"].model
    own = make_manifest(
        model="echo",
        capability=model.capability,
        input_schema=model.input_schema,
        output_schema=model.output_schema,
        settings={"entry_point": "echo", "options": {"mine": True}},
    )
    register(workspace, own, "user:1", may_move=True)
    register_builtin(workspace, "system:seed")
    assert resolve(workspace.id, "echo", "champion").version == 2
    move_alias(workspace, "echo", "champion", 1, actor="user:1")
    assert resolve(workspace.id, "echo", "champion").version == 1


def test_blank_text_has_no_intent_but_an_answer():
    workspace = make_workspace()
    register_builtin(workspace, "system:seed")
    resolved = resolve(workspace.id, "support-intent", "champion")
    reply = call(resolved, {"text": " "}, timeout_s=60, idempotency_key="a")
    assert reply.output["intent"] is None
    assert [reason["code"] for reason in reply.output["reasons"]] == ["blank"]


def test_models_of_a_capability_answer_the_same_question_in_the_workers_child():
    workspace = make_workspace()
    register_builtin(workspace, "system:seed")
    question = {"values": [1.0, 2.0, 3.0] * 4, "horizon": 4, "season": 3}
    for name in ("forecast-naive", "forecast-holt-winters"):
        resolved = resolve(workspace.id, name, "champion")
        reply = call(resolved, question, timeout_s=60, idempotency_key=name)
        assert reply.output["forecast"] == pytest.approx([1.0, 2.0, 3.0, 1.0])
