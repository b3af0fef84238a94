import json

import pytest

from model_registry.errors import (
    AliasNameInvalid,
    ManifestInvalid,
    ModelDiffers,
    UnknownModel,
    UnknownVersion,
)
from model_registry.models import Alias, Model, ModelVersion
from model_registry.services.aliases import move_alias
from model_registry.services.registering import register
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_workspace
from tests.factories.models import make_draft, make_manifest, make_model_version

pytestmark = pytest.mark.django_db


def events(workspace):
    rows = Event.objects.filter(workspace_id=workspace.id).order_by("seq")
    return [json.loads(bytes(row.body)) for row in rows]


def test_queue_makes_another_version_and_none_the_one_there_was():
    workspace = make_workspace()
    for queue in (None, "gpu", None, "gpu"):
        make_model_version(workspace=workspace, model="a", runs="wait", queue=queue)
    found = ModelVersion.objects.order_by("number").values_list("number", "queue")
    assert list(found) == [(1, ""), (2, "gpu")]


def test_version_of_a_queue_may_need_what_is_not_installed_here():
    settings = {"entry_point": "only-there"}
    version = make_model_version(runs="cpu", queue="gpu", settings=settings)
    assert version.queue == "gpu"


def test_registering_adds_model_version_and_alias():
    workspace = make_workspace()
    version, created = register(
        workspace,
        make_manifest(model="shop", capability="sort"),
        "system:cli",
        may_move=True,
    )
    model = Model.objects.in_workspace(workspace).get()
    assert created
    assert (model.name, model.capability) == ("shop", "sort")
    assert (version.number, version.created_by) == (1, "system:cli")
    assert model.aliases.get().version == version


def test_each_change_is_an_event_of_the_model():
    workspace = make_workspace()
    version = make_draft(workspace=workspace)
    found = events(workspace)
    kinds = ["model.registered", "version.registered", "alias.moved"]
    assert [event["kind"] for event in found] == kinds
    assert found[1]["data"]["digest"] == version.digest
    assert (found[2]["data"]["old"], found[2]["data"]["new"]) == (None, 1)
    assert {event["actor"] for event in found} == {"system:test"}


def test_registering_the_same_again_changes_nothing():
    workspace = make_workspace()
    manifest = make_manifest()
    first, _ = register(workspace, manifest, "system:cli", may_move=True)
    before = len(events(workspace))
    again, created = register(workspace, manifest, "system:cli", may_move=True)
    assert (again, created) == (first, False)
    assert len(events(workspace)) == before


def test_changed_version_gets_the_next_number_and_the_alias():
    workspace = make_workspace()
    first = make_model_version(workspace=workspace, model="shop")
    second = make_model_version(workspace=workspace, model="shop", runs="cpu")
    assert (second.number, second.digest != first.digest) == (2, True)
    assert second.model.aliases.get().version == second


@pytest.mark.parametrize(
    "change",
    [
        {"capability": "sort"},
        {"input_schema": {"type": "object", "required": ["text"]}},
        {"output_schema": {"type": "object", "required": ["text"]}},
    ],
)
def test_what_belongs_to_the_model_cannot_change(change):
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop")
    with pytest.raises(ModelDiffers, match="register a new model"):
        make_model_version(workspace=workspace, model="shop", **change)
    assert ModelVersion.objects.count() == 1


def test_name_is_free_in_another_workspace():
    one = make_model_version(model="shop")
    other = make_model_version(model="shop")
    assert (one.number, other.number, one.model != other.model) == (1, 1, True)


def test_entry_point_that_no_package_offers_is_refused():
    manifest = make_manifest(settings={"entry_point": "nobody"})
    with pytest.raises(ManifestInvalid, match="Known are: .*echo"):
        register(make_workspace(), manifest, "system:cli", may_move=True)
    assert not Model.objects.exists()


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ((), True),
        (("https://models.example",), False),
        (("https://models.example:443",), False),
        (("http://models.example",), True),
        (("https://models.example:8443",), True),
        (("https://other.example", "https://models.example.evil.example"), True),
    ],
)
def test_origin_must_be_listed(settings, allowed, refused):
    settings.BATON_EGRESS_ALLOW = allowed
    manifest = make_manifest(
        adapter="openai_chat",
        runs="wait",
        settings={"base_url": "https://models.example/v1", "model": "m", "prompt": "p"},
    )
    workspace = make_workspace()
    if not refused:
        assert register(workspace, manifest, "system:cli", may_move=True)[1]
        return
    with pytest.raises(ManifestInvalid, match="base_url: .*BATON_EGRESS_ALLOW"):
        register(workspace, manifest, "system:cli", may_move=True)


def test_version_cannot_be_changed():
    version = make_model_version()
    version.runs = "cpu"
    with pytest.raises(TypeError, match="never changes"):
        version.save()
    with pytest.raises(TypeError, match="never changes"):
        ModelVersion.objects.update(runs="cpu")
    with pytest.raises(TypeError, match="never changes"):
        version.model.versions.filter(number=1).update(number=2)


def test_alias_moves_and_the_event_tells_from_where():
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop")
    make_model_version(workspace=workspace, model="shop", runs="cpu")
    alias = move_alias(workspace, "shop", "champion", 1, actor="user:1")
    assert alias.version.number == 1
    event = events(workspace)[-1]
    assert (event["kind"], event["actor"]) == ("alias.moved", "user:1")
    assert (event["data"]["old"], event["data"]["new"]) == (2, 1)


def test_new_alias_is_made():
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop")
    move_alias(workspace, "shop", "challenger", 1, actor="user:1")
    assert Alias.objects.filter(name="challenger").exists()


@pytest.mark.parametrize("alias", ["", "the best", "Champion", "x" * 65, "a\n"])
def test_alias_is_a_short_word(alias):
    with pytest.raises(AliasNameInvalid, match="cannot be an alias"):
        move_alias(make_workspace(), "shop", alias, 1, actor="user:1")


def test_unknown_names_are_refused():
    workspace = make_workspace()
    make_model_version(workspace=workspace, model="shop")
    with pytest.raises(UnknownModel, match="Known are: shop"):
        move_alias(workspace, "ship", "champion", 1, actor="user:1")
    with pytest.raises(UnknownVersion, match="no version 2. It has: 1"):
        move_alias(workspace, "shop", "champion", 2, actor="user:1")
    with pytest.raises(UnknownModel):
        move_alias(make_workspace(), "shop", "champion", 1, actor="user:1")
