import pytest

from model_registry.selectors import (
    ModelFilter,
    Similar,
    compare,
    find_similar,
    list_capabilities,
    list_credentials,
    list_models,
    list_versions,
)
from model_registry.services.credentials import set_credential
from tests.factories.accounts import make_workspace
from tests.factories.models import (
    make_draft,
    make_manifest,
    make_model_version,
    make_person,
)

pytestmark = pytest.mark.django_db


def some_models():
    workspace = make_workspace()
    make_model_version(
        workspace=workspace,
        model="mail-sorter",
        capability="classify",
        tags=["mail", "eu"],
        description="Sorts what customers write.",
    )
    make_draft(workspace=workspace, model="scorer", capability="score", tags=["eu"])
    make_person(workspace=workspace, model="theo")
    make_model_version(model="elsewhere", tags=["mail", "eu"])
    return workspace


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["mail-sorter", "scorer", "theo"]),
        ({"search": "SORT"}, ["mail-sorter"]),
        ({"search": "customers"}, ["mail-sorter"]),
        ({"search": "eu"}, ["mail-sorter", "scorer"]),
        ({"search": "review"}, ["theo"]),
        ({"capability": "score"}, ["scorer"]),
        ({"kind": "person"}, ["theo"]),
        ({"tag": "mail"}, ["mail-sorter"]),
        ({"tag": "ma"}, []),
        ({"status": "draft"}, ["scorer", "theo"]),
        ({"status": "approved", "tag": "eu"}, ["mail-sorter"]),
    ],
)
def test_models_are_found(wanted, names):
    found = list_models(some_models(), ModelFilter(**wanted))
    assert [model.name for model in found] == names


def test_versions_are_counted_once_whatever_the_tags():
    workspace = make_workspace()
    for runs in ("loop", "cpu"):
        make_draft(workspace=workspace, model="shop", runs=runs, tags=["a", "b", "c"])
    assert list_models(workspace, ModelFilter(search="shop")).get().version_count == 2


@pytest.mark.parametrize("count", [1, 6])
def test_list_takes_the_same_queries_for_any_number(count, django_assert_num_queries):
    workspace = make_workspace()
    for _ in range(count):
        make_model_version(workspace=workspace, tags=["a", "b"])
    with django_assert_num_queries(3):
        for model in list_models(workspace, ModelFilter(search="model")):
            assert [tag.name for tag in model.tags.all()] == ["a", "b"]
            [alias] = model.aliases.all()
            assert alias.version.standing.status == "approved"
            assert model.owner is None


@pytest.mark.parametrize("count", [1, 4])
def test_versions_take_the_same_queries_for_any_number(
    count, django_assert_num_queries
):
    workspace = make_workspace()
    for number in range(count):
        options = {"entry_point": "echo", "options": {"n": number}}
        version = make_draft(workspace=workspace, model="shop", settings=options)
    with django_assert_num_queries(3):
        found = list(list_versions(version.model))
        assert [len(v.aliases.all()) for v in found] == [1] + [0] * (count - 1)
        assert {v.standing.status for v in found} == {"draft"}
        assert [v.number for v in found] == list(range(count, 0, -1))


def test_capabilities_are_listed_once():
    workspace = some_models()
    make_draft(workspace=workspace, capability="score")
    assert list_capabilities(workspace) == ["classify", "review", "score"]


def test_credentials_are_listed_without_their_values():
    workspace = make_workspace()
    set_credential(workspace, "fjord", "sk-1", actor="user:1")
    [found] = list_credentials(workspace)
    assert (found.name, "value" in found.__dict__) == ("fjord", False)


def test_versions_are_compared_value_by_value():
    workspace = make_workspace()
    settings = {"entry_point": "echo", "options": {"words": ["a"], "limit": 3}}
    one = make_model_version(workspace=workspace, model="shop", settings=settings)
    other = make_draft(
        workspace=workspace,
        model="shop",
        settings={"entry_point": "echo", "options": {"words": ["b"]}},
    )
    rows = {row.place: row for row in compare(one, other)}
    assert {place for place, row in rows.items() if row.differs} == {
        "status",
        "settings.options.words",
        "settings.options.limit",
    }
    assert rows["settings.options.words"][1:3] == (["a"], ["b"])
    assert rows["settings.options.limit"][1:3] == (3, None)
    assert rows["settings.entry_point"].one == "echo"


def test_near_duplicates_are_shown():
    workspace = make_workspace()
    make_draft(workspace=workspace, model="twin")
    other = {"entry_point": "echo", "options": {"n": 1}}
    make_draft(workspace=workspace, model="cousin", settings=other)
    make_draft(workspace=workspace, model="stranger", capability="sort", settings=other)
    make_draft(model="twin-elsewhere")
    assert find_similar(workspace, make_manifest(model="new")) == [
        Similar("twin", is_same=True),
        Similar("cousin", is_same=False),
    ]
    assert find_similar(make_workspace(), make_manifest()) == []


def test_model_is_no_duplicate_of_itself():
    workspace = make_workspace()
    make_draft(workspace=workspace, model="shop")
    assert find_similar(workspace, make_manifest(model="shop", runs="cpu")) == []
