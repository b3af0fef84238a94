import pytest
from django.urls import reverse

from flows.models import Flow, FlowCopy, FlowGrant
from flows.services.sharing import grant_flow, withdraw_flow_grant
from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.api import Event
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.flows import make_flow
from tests.flows.views.people import browser_of

pytestmark = pytest.mark.django_db
SHARING = ("flow.shared", "flow.un", "flow.cop", "flow.received", "flow.lost")


@pytest.fixture
def flow():
    return make_flow(workspace=make_workspace(name="Fernhill"))


@pytest.fixture
def here():
    return make_workspace(name="Harbour")


@pytest.fixture
def browser(here):
    return browser_of(here)


def address(name, grant):
    return reverse(f"flows:{name}", args=[grant.pk])


def text_of(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_flow_is_shared_and_no_longer(flow, here):
    browser = browser_of(flow.workspace)
    member = make_membership(workspace=here, role=Role.VIEWER)
    member.user_id = browser.session["_auth_user_id"]
    member.save()
    stranger = make_workspace()
    give = reverse("flows:grant", args=[flow.slug])
    refused = browser.post(give, {"workspace": stranger.slug})
    assert refused.status_code == 422
    assert browser.post(give, {"workspace": here.slug}).status_code == 302
    grant = FlowGrant.objects.get()
    assert grant.workspace == here
    assert "Harbour" in text_of(browser, reverse("flows:sharing", args=[flow.slug]))
    stop = reverse("flows:withdraw", args=[flow.slug, grant.pk])
    assert browser.get(stop).status_code == 200
    browser.post(stop)
    assert not FlowGrant.objects.exists()


def test_builders_look_and_do_not_share(flow):
    browser = browser_of(flow.workspace, Role.BUILDER)
    assert browser.get(reverse("flows:sharing", args=[flow.slug])).status_code == 200
    assert browser.get(reverse("flows:grant", args=[flow.slug])).status_code == 403


def test_shared_flow_is_read_with_what_it_would_lack_here(flow, here, browser):
    grant = grant_flow(flow, here, actor="user:1")
    assert address("shared_flow", grant) in text_of(browser, reverse("flows:list"))
    page = text_of(browser, address("shared_flow", grant))
    assert "It belongs to Fernhill" in page
    assert "There is no model" in page
    withdraw_flow_grant(grant, actor="user:1")
    assert browser.get(address("shared_flow", grant)).status_code == 404


def test_copy_is_a_draft_that_shows_where_it_came_from(flow, here, browser):
    grant = grant_flow(flow, here, actor="user:1")
    answer = browser.post(address("copy_shared", grant), {"slug": "quince"})
    assert answer.url == reverse("flows:editor", args=["quince"])
    made = Flow.objects.get(slug="quince")
    assert (made.workspace, made.published) == (here, None)
    assert made.draft_document == flow.draft_document
    assert FlowCopy.objects.get().source == flow.published
    assert "from Fernhill" in text_of(browser, answer.url)
    origin = text_of(browser, reverse("flows:sharing", args=["quince"]))
    assert flow.published.hash in origin
    owner = text_of(
        browser_of(flow.workspace), reverse("flows:sharing", args=[flow.slug])
    )
    assert "Harbour" in owner
    assert "quince" not in owner


def test_slug_that_is_taken_is_said_in_the_form(flow, here, browser):
    grant = grant_flow(flow, here, actor="user:1")
    make_flow(workspace=here)
    taken = Flow.objects.get(workspace=here).slug
    answer = browser.post(address("copy_shared", grant), {"slug": taken})
    assert answer.status_code == 422
    assert "is taken" in answer.content.decode()
    assert not FlowCopy.objects.exists()


def test_both_ledgers_tell_of_the_grant_the_copy_and_the_end(flow, here, browser):
    grant = grant_flow(flow, here, actor="user:1")
    grant_flow(flow, here, actor="user:1")
    browser.post(address("copy_shared", grant), {"slug": "quince"})
    withdraw_flow_grant(grant, actor="user:1")
    withdraw_flow_grant(grant, actor="user:1")
    kinds = {
        workspace: [
            kind
            for kind in Event.objects.filter(workspace_id=workspace.pk)
            .order_by("at", "seq")
            .values_list("kind", flat=True)
            if kind.startswith(SHARING)
        ]
        for workspace in (flow.workspace, here)
    }
    assert kinds == {
        flow.workspace: ["flow.shared", "flow.copy_given", "flow.unshared"],
        here: ["flow.received", "flow.copied", "flow.lost"],
    }


@pytest.mark.parametrize(("role", "status"), [(Role.BUILDER, 200), (Role.VIEWER, 403)])
def test_who_may_draw_may_copy(flow, here, role, status):
    grant = grant_flow(flow, here, actor="user:1")
    assert browser_of(here, role).get(address("copy_shared", grant)).status_code == (
        status
    )
    stranger = browser_of(make_workspace())
    for name in ("shared_flow", "copy_shared"):
        assert stranger.get(address(name, grant)).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_list_takes_the_same_queries_for_any_number(
    here, browser, count, django_assert_max_num_queries
):
    for _ in range(count):
        grant_flow(make_flow("in -> out"), here, actor="user:1")
    with django_assert_max_num_queries(15):
        text_of(browser, reverse("flows:list"))
