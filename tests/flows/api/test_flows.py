import pytest

from model_registry.api import model_names
from tests.factories.flows import make_flow
from tests.factories.graphs import document

DRAFT = document("in -> out")


def create(api, slug="greeting", draft=DRAFT):
    return api.send("POST", "/flows", {"slug": slug, "document": draft})


def save(api, revision, draft=DRAFT, slug="greeting"):
    body = {"document": draft, "revision": revision}
    return api.send("PUT", f"/flows/{slug}", body)


def test_created_flow_is_read_back_with_its_draft(api):
    made = create(api).json()
    assert made["draft"] == DRAFT
    assert (made["draft_revision"], made["published_version"]) == (1, None)
    assert api.read("/flows/greeting") == made


@pytest.mark.both_databases
def test_slug_is_taken_once(api):
    create(api)
    again = create(api)
    assert (again.status_code, again.json()["code"]) == (409, "flow_exists")


@pytest.mark.parametrize("slug", ["validate", "two words", "a/b", "s" * 61, ""])
def test_slug_has_to_fit_into_an_address(slug, api):
    response = create(api, slug=slug)
    assert response.status_code == 400
    assert response.json()["problems"][0]["pointer"] == "/slug"


def test_document_that_is_no_flow_is_refused_with_all_problems(api):
    response = create(api, draft={"format": "baton.flow/1", "surprise": 1})
    assert (response.status_code, response.json()["code"]) == (422, "graph_invalid")
    codes = {problem["code"] for problem in response.json()["problems"]}
    assert codes == {"field_missing", "key_unknown"}


def test_draft_is_saved_over_the_revision_that_was_read(api):
    create(api)
    renamed = {**DRAFT, "name": "Renamed"}
    saved = save(api, 1, renamed)
    assert (saved.status_code, saved.json()["draft_revision"]) == (200, 2)
    assert api.read("/flows/greeting")["draft"] == renamed
    late = save(api, 1)
    assert (late.status_code, late.json()["code"]) == (409, "draft_changed")


def test_draft_and_document_are_validated_alike(api):
    drawing = document("in -> model -> out")
    create(api, draft=drawing)
    of_draft = api.send("POST", "/flows/greeting/validate").json()
    of_document = api.send("POST", "/flows/validate", {"document": drawing}).json()
    assert of_draft == of_document
    assert [problem["code"] for problem in of_draft["problems"]] == ["model_not_found"]
    assert of_draft["problems"][0]["node_id"] == "model"


@pytest.mark.parametrize("value", [None, 7, "flow", [], {}])
def test_anything_can_be_validated(value, api):
    found = api.send("POST", "/flows/validate", {"document": value})
    assert found.status_code == 200
    assert found.json()["problems"]


def test_publishing_carries_every_problem(api, workspace):
    assert model_names(workspace.id) == {}
    create(api, draft=document("in -> model -> out, in -> model2 -> out"))
    response = api.send("POST", "/flows/greeting/publish")
    assert (response.status_code, response.json()["code"]) == (422, "graph_invalid")
    assert {p["node_id"] for p in response.json()["problems"]} >= {"model", "model2"}


def test_published_versions_are_numbered_and_kept(api):
    create(api)
    first = api.send("POST", "/flows/greeting/publish").json()
    assert first["number"] == 1
    assert api.send("POST", "/flows/greeting/publish").json() == first
    save(api, 1, {**DRAFT, "name": "Second"})
    assert api.send("POST", "/flows/greeting/publish").json()["number"] == 2
    assert api.read("/flows/greeting")["published_version"] == 2
    versions = api.read("/flows/greeting/versions")["items"]
    assert [version["number"] for version in versions] == [2, 1]
    assert api.read("/flows/greeting/versions/1") == {**first, "document": DRAFT}


def test_schema_of_the_format_is_published(api):
    schema = api.read("/flow-schema")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(DRAFT) <= set(schema["properties"])


def test_list_costs_the_same_for_many_flows(
    api, workspace, django_assert_max_num_queries
):
    for slug in "abcde":
        create(api, slug=slug)
    with django_assert_max_num_queries(3):
        assert len(api.read("/flows")["items"]) == 5


def test_flow_of_the_same_slug_elsewhere_is_another_flow(api):
    elsewhere = make_flow()
    assert create(api, slug=elsewhere.slug).status_code == 201
