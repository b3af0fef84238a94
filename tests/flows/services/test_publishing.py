"""What a flow needs of its workspace before it runs well."""

import pytest

from flows.services.publishing import problems_of
from orchestrator_site.egress.api import allow_origin
from tests.factories.flows import ACTOR, make_flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_call():
    """A flow that asks a service: `make_call("https://api.example/x")`."""

    def make(url):
        return make_flow(
            "in -> call -> out",
            types={"call": "http_request"},
            configs={"call": {"url": url}},
        )

    return make


def warnings(flow):
    found = problems_of(flow.workspace_id, flow.draft_document)
    return [problem for problem in found if problem.severity == "warning"]


def test_service_that_is_not_allowed_is_a_warning_that_publishing_takes(make_call):
    flow = make_call("https://api.example:8443/{{ input.id }}")
    [warning] = warnings(flow)
    assert (warning.code, warning.node_id) == ("origin_not_allowed", "call")
    assert warning.pointer == "/url"
    assert "https://api.example:8443 is not allowed" in warning.message
    assert flow.published.number == 1


@pytest.mark.parametrize(
    "url", ["https://api.example", "https://API.example:443/a?b={{ input.id }}"]
)
def test_service_that_the_workspace_allows_is_none(make_call, url):
    flow = make_call(url)
    allow_origin(flow.workspace, "https://api.example", actor=ACTOR)
    assert warnings(flow) == []


def test_service_that_another_workspace_allows_is_not_allowed_here(make_call):
    allow_origin(make_flow().workspace, "https://api.example", actor=ACTOR)
    assert len(warnings(make_call("https://api.example/"))) == 1


def test_service_of_the_installation_is_none(make_call, settings):
    settings.BATON_EGRESS_ALLOW = ["http://models.internal:8080=10.0.0.0/8"]
    assert warnings(make_call("http://models.internal:8080/v1")) == []


def test_address_that_names_no_host_is_left_to_its_own_problem():
    drawn = make_flow().draft_document
    call = {"id": "call", "type": "http_request", "config": {"url": "{{ input.url }}"}}
    drawn = {**drawn, "nodes": [*drawn["nodes"], call]}
    found = problems_of(make_flow().workspace_id, drawn)
    codes = {each.code for each in found if each.node_id == "call"}
    assert "node_config_invalid" in codes
    assert "origin_not_allowed" not in codes


def test_allow_lists_are_read_once_and_only_for_flows_that_call(
    make_call, django_assert_num_queries
):
    plain, calling = make_flow("in -> out"), make_call("https://api.example/")
    with django_assert_num_queries(1):
        problems_of(plain.workspace_id, plain.draft_document)
    with django_assert_num_queries(2):
        problems_of(calling.workspace_id, calling.draft_document)
