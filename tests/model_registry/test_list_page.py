import pytest
from django.urls import reverse

from model_registry.listing import count_drafts, list_tags, page_of_models, summarise
from model_registry.models import Grant
from model_registry.selectors import ModelFilter, list_models
from model_registry.services.sharing import grant_model
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership
from tests.factories.models import make_draft, make_model_version, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def builder(client):
    member = make_membership(role=Role.BUILDER)
    client.force_login(member.user)
    return member


def look(client, *, part=False, **query):
    headers = {"HX-Request": "true"} if part else {}
    response = client.get(reverse("models:list"), query, headers=headers)
    assert response.status_code == 200
    return " ".join(response.text.split())


def names(text):
    return [part.partition('"')[0] for part in text.split('id="model-')[1:]]


def fill(workspace):
    make_model_version(
        workspace=workspace, model="sorter", capability="classify", tags=["mail"]
    )
    make_draft(workspace=workspace, model="scorer", capability="score")
    make_person(workspace=workspace, model="theo")
    make_model_version(model="elsewhere")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["scorer", "sorter", "theo"]),
        ({"q": "SORT"}, ["sorter"]),
        ({"capability": "score"}, ["scorer"]),
        ({"kind": "person"}, ["theo"]),
        ({"tag": "mail"}, ["sorter"]),
        ({"status": "approved"}, ["sorter"]),
        (
            {"status": "nonsense", "kind": "robot", "page": "-4"},
            ["scorer", "sorter", "theo"],
        ),
    ],
)
def test_filters_keep_what_fits(client, builder, query, found):
    fill(builder.workspace)
    assert names(look(client, **query)) == found


def test_it_says_how_many_versions_wait(client, builder):
    fill(builder.workspace)
    assert "2 versions need approval." in look(client)


def test_filtered_list_that_is_empty_offers_to_clear_the_filters(client, builder):
    fill(builder.workspace)
    text = look(client, q="nothing-like-it")
    assert "No models match these filters" in text
    assert "Clear filters" in text


def test_row_tells_of_a_newer_version_that_waits(client, builder):
    make_model_version(workspace=builder.workspace, model="sorter")
    make_draft(workspace=builder.workspace, model="sorter", runs="cpu", alias=None)
    assert "v2 waits" in look(client)


def test_part_of_the_page_has_no_frame(client, builder):
    fill(builder.workspace)
    text = look(client, part=True)
    assert text.startswith('<div id="models"')
    assert "<html" not in text


def test_second_page_keeps_the_filters(client, builder):
    for _ in range(51):
        make_draft(workspace=builder.workspace, capability="score")
    text = look(client, capability="score")
    assert 'href="?page=2&amp;capability=score"' in text
    assert len(names(look(client, capability="score", page="2"))) == 1


@pytest.mark.parametrize("count", [1, 8])
def test_page_takes_the_same_queries_for_any_number(
    client, builder, count, django_assert_num_queries
):
    for _ in range(count):
        make_model_version(workspace=builder.workspace, tags=["a", "b"])
    with django_assert_num_queries(16):
        look(client)


def test_empty_list_offers_ways_to_begin_to_those_who_may(client, builder):
    text = look(client)
    assert "Use the models in the box" in text
    viewer = make_membership(workspace=builder.workspace, role=Role.VIEWER)
    client.force_login(viewer.user)
    text = look(client)
    assert "Use the models in the box" not in text
    assert "A builder, an admin or an owner" in text


def test_models_that_ship_are_registered_with_one_button(client, builder):
    response = client.post(reverse("models:use_shipped"), follow=True)
    assert "echo" in names(" ".join(response.text.split()))
    client.force_login(make_membership(role=Role.VIEWER).user)
    assert client.post(reverse("models:use_shipped")).status_code == 403


def test_each_page_has_the_rows_of_the_list_in_as_many_queries(
    builder, django_assert_num_queries
):
    workspace = builder.workspace
    for name in ("ada", "bo", "cy", "di", "eve"):
        make_model_version(workspace=workspace, model=name, tags=["mail"])
    make_model_version(model="elsewhere")
    listed, pages = list(list_models(workspace)), []
    for number in ("1", "2", "3"):
        with django_assert_num_queries(5):  # how many, names, the rows, tags, aliases
            page = page_of_models(workspace, ModelFilter(), number=number, size=2)
            told = [
                (model.name, model.version_count, model.last_number, model.last_status)
                for model in page
            ]
            assert all(len(model.tags.all()) == 1 for model in page)
            assert all(len(model.aliases.all()) == 1 for model in page)
        pages.append(told)
    assert [row[0] for page in pages for row in page] == [row.name for row in listed]
    assert pages[2] == [("eve", 1, 1, "approved")]
    last = page_of_models(workspace, ModelFilter(), number="99", size=2)
    assert [model.name for model in last] == ["eve"]


def lend(workspace, **manifest):
    """Another workspace's model that `workspace` may call."""
    model = make_model_version(**manifest).model
    grant_model(model, workspace, Grant.Access.CALL, actor="system:test")
    return model


def test_granted_models_stand_between_own_ones_on_every_page(builder):
    workspace = builder.workspace
    for name in ("ada", "cy", "eve"):
        make_model_version(workspace=workspace, model=name, tags=["mail"])
    for name in ("bo", "cy"):
        lend(workspace, model=name, tags=["eu"])
    pages = [
        page_of_models(workspace, ModelFilter(), number=number, size=2, total=5)
        for number in ("1", "2", "3")
    ]
    assert [[each.name for each in page] for page in pages] == [
        ["ada", "bo"],
        ["cy", "cy"],
        ["eve"],
    ]
    narrowed = page_of_models(
        workspace, ModelFilter(tag="eu"), number="1", size=2, total=5
    )
    assert (narrowed.paginator.count, [each.name for each in narrowed]) == (
        2,
        ["bo", "cy"],
    )


def test_summary_counts_own_and_granted_models(builder):
    workspace = builder.workspace
    make_model_version(workspace=workspace, capability="score", tags=["mail"])
    make_draft(workspace=workspace, capability="score", tags=["mail", "late"])
    lend(workspace, capability="classify", tags=["eu", "mail"])
    make_draft(capability="extract", tags=["elsewhere"])
    found = summarise(workspace)
    assert (found.total, found.capabilities) == (3, ["classify", "score"])
    assert list_tags(workspace) == ["eu", "late", "mail"]
    assert count_drafts(workspace) == 1
