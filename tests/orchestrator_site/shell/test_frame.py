"""What every page shows around its content, seen through real pages."""

import re

import pytest
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from orchestrator_site.accounts.roles import Role
from orchestrator_site.shell import refusals
from orchestrator_site.shell.context import Shell
from orchestrator_site.shell.middleware import TimeZoneMiddleware
from orchestrator_site.shell.navigation import links
from orchestrator_site.shell.toasts import close_dialog, toast
from tests.factories.accounts import make_membership, make_principal, make_user
from tests.factories.approvals import make_approval

pytestmark = pytest.mark.django_db
MISSING = "/there-is-no-such-page/"


def get(user, path=MISSING):
    client = Client()
    client.force_login(user)
    return client.get(path)


def named(principal, path="/"):
    return [link.place.name for _, some in links(principal, path) for link in some]


def request_of(user, path="/"):
    request = RequestFactory().get(path)
    request.user, request.session = user, {}
    return request


def test_navigation_lists_only_what_the_role_may_see():
    assert "accounts:members" in named(make_principal(role=Role.AUDITOR))
    assert "accounts:members" not in named(make_principal(role=Role.VIEWER))


def test_person_without_a_workspace_gets_no_navigation():
    shell = Shell(request_of(make_user()))
    assert shell.principal is None
    assert shell.navigation == []


def test_workspaces_are_those_of_the_person():
    member = make_membership()
    make_membership()
    assert Shell(request_of(member.user)).workspaces == [member.workspace]


def test_page_has_the_theme_of_the_person():
    member = make_membership()
    member.user.theme = "dark"
    member.user.save()
    assert 'data-theme="dark"' in get(member.user).text


def test_nonce_of_the_import_map_is_in_the_policy():
    response = get(make_membership().user)
    nonce = response.text.partition('nonce="')[2].partition('"')[0]
    assert f"'nonce-{nonce}'" in response.headers["Content-Security-Policy"]


def test_missing_page_says_so_inside_the_frame():
    response = get(make_membership().user)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.text
    assert 'aria-label="Main"' in response.text


def test_times_are_those_of_the_person_but_the_api_speaks_utc():
    user = make_user()
    user.time_zone = "Asia/Tokyo"
    middleware = TimeZoneMiddleware(lambda request: TemplateResponse(request, "x"))
    zones = []
    for path in ("/runs/", "/api/v1/runs/"):
        middleware.process_request(request_of(user, path))
        zones.append(timezone.get_current_timezone_name())
    timezone.deactivate()
    assert zones == ["Asia/Tokyo", "UTC"]


def test_refused_fragment_is_a_sentence():
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    response = refusals.permission_denied(request, PermissionError("Not yours."))
    assert (response.status_code, response.text) == (403, "Not yours.")
    assert response.headers["Content-Type"].startswith("text/plain")


def test_form_without_its_token_is_refused_with_a_way_on():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_membership().user)
    response = client.post("/accounts/logout/")
    assert response.status_code == 403
    assert "load the page again" in response.text


def test_toast_and_closing_travel_in_one_header():
    request = RequestFactory().get("/")
    response = TemplateResponse(request, "x")
    close_dialog(toast(response, "Approved", action=("Open", "/runs/")))
    header = response.headers["HX-Trigger"]
    assert '"toast"' in header
    assert '"dialog:close"' in header


def test_navigation_counts_what_waits_for_the_person():
    reviewer = make_membership(role=Role.REVIEWER)
    make_approval(workspace=reviewer.workspace)
    make_approval()
    client = Client()
    client.force_login(reviewer.user)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/approvals/"}
    text = client.get("/shell/navigation/", headers=headers).text
    counts = re.findall(r'class="nav-count nav-count-hot">(\d+)', text)
    assert counts == ["1"]
    assert text.count('aria-current="page"') == 1
    assert 'data-live-topic="approvals"' in text


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/runs/1/", "flows:runs"),
        ("/model-files/", "models:list"),
        ("/new-model/manifest/", "models:list"),
        ("/new-flow/", "flows:list"),
        ("/new-credential/", "credentials:list"),
        ("/shared-models/lent/", "models:list"),
        ("/shared-flows/1/", "flows:list"),
        ("/models/echo/", "models:list"),
    ],
)
def test_the_place_that_a_page_belongs_to_is_marked(path, place):
    found = links(make_principal(), path)
    within = [link.place.name for _, some in found for link in some if link.is_within]
    assert within == [place]
