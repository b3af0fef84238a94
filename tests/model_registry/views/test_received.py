import pytest
from django.urls import reverse

from model_registry.models import Grant, Model
from model_registry.services.sharing import grant_model, withdraw_grant
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_workspace
from tests.factories.models import make_draft, make_model_version
from tests.flows.views.people import HTMX, browser_of

pytestmark = pytest.mark.django_db
CALL, COPY = Grant.Access.CALL, Grant.Access.COPY
CHAT = {
    "base_url": "https://fjord.example/v1",
    "model": "fjord-4",
    "credential": "fjord-key",
    "prompt": "{text}",
}


@pytest.fixture(autouse=True)
def _fjord_may_be_called(settings):
    settings.BATON_EGRESS_ALLOW = ("https://fjord.example",)


def url(name, *args):
    return reverse(f"shared_models:{name}", args=["shop", *args])


@pytest.fixture
def here():
    return make_workspace()


@pytest.fixture
def browser(here):
    return browser_of(here)


def shared(here, access=CALL, **manifest):
    """A model of Fernhill, with a draft that nobody else sees."""
    owner = make_workspace(name="Fernhill")
    version = make_model_version(
        workspace=owner,
        model="shop",
        capability="classify",
        description="Sorts mails.",
        card="# What it learnt from",
        adapter="openai_chat",
        runs="wait",
        settings=CHAT,
        **manifest,
    )
    make_draft(
        workspace=owner,
        model="shop",
        capability="classify",
        adapter="openai_chat",
        runs="wait",
        alias=None,
        settings={**CHAT, "model": "secret-5"},
    )
    return grant_model(version.model, here, access, actor="user:1")


def text_of(browser, address, **query):
    answer = browser.get(address, query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("query", [{}, {"capability": "classify"}, {"tag": "mail"}])
def test_shared_model_is_in_the_list_with_whose_it_is(here, browser, query):
    shared(here, tags=["mail"])
    make_model_version(model="elsewhere", tags=["mail"], capability="classify")
    page = text_of(browser, reverse("models:list"), **query)
    assert 'id="model-shop-shared"' in page
    assert "From Fernhill. Sorts mails." in page
    assert "v2 waits" not in page
    assert "elsewhere" not in page
    assert "No version waits for approval" in page


def test_drafts_of_others_are_not_found_by_their_state(here, browser):
    shared(here)
    found = {
        status: "model-shop-shared"
        in text_of(browser, reverse("models:list"), status=status)
        for status in ("approved", "draft")
    }
    assert found == {"approved": True, "draft": False}


@pytest.mark.parametrize("count", [1, 8])
def test_list_takes_the_same_queries_for_any_number_of_shared_models(
    here, count, django_assert_num_queries
):
    browser = browser_of(here, Role.BUILDER)
    make_model_version(workspace=here)
    for _ in range(count):
        version = make_model_version(tags=["a", "b"])
        grant_model(version.model, here, CALL, actor="user:1")
    with django_assert_num_queries(16):
        browser.get(reverse("models:list"))


def test_who_may_call_sees_what_it_does_and_not_how(here, browser):
    grant = shared(here, governance={"provider": "Fjord AI", "data_class": "internal"})
    page = text_of(browser, url("model"))
    for word in ("Fernhill", "Sorts mails.", "Fjord AI", "champion", "call it"):
        assert word in page
    for word in ("fjord-key", "fjord.example", "fjord-4", "secret-5", "Manifest of"):
        assert word not in page
    assert reverse("shared_models:copy", args=["shop"]) not in page
    assert "What it learnt from" in text_of(browser, url("card"))
    assert "Takes" in text_of(browser, url("schemas"))
    withdraw_grant(grant, actor="user:1")
    assert browser.get(url("model")).status_code == 404


def test_who_may_copy_reads_the_manifest_of_what_can_be_called(here, browser):
    shared(here, COPY)
    page = text_of(browser, url("model"))
    assert "Manifest of version 1" in page
    assert "fjord-key" in page
    assert "Manifest of version 2" not in page
    assert "secret-5" not in page


def test_own_model_of_that_name_is_said_to_come_first(here, browser):
    shared(here)
    make_model_version(workspace=here, model="shop")
    assert "Flows that name it get that one." in text_of(browser, url("model"))
    listed = text_of(browser, reverse("models:list"))
    assert 'id="model-shop"' in listed
    assert 'id="model-shop-shared"' in listed


def test_model_that_is_not_shared_with_this_workspace_is_not_there(browser):
    shared(make_workspace())
    for name in ("model", "card", "schemas", "copy"):
        assert browser.get(url(name)).status_code == 404


def test_copying_asks_for_a_name_and_tells_of_the_credential(here, browser):
    shared(here, COPY)
    question = text_of(browser, url("copy"))
    assert 'value="shop-copy"' in question
    assert "set one named fjord-key here" in question
    refused = browser.post(url("copy"), {"name": "shop", "alias": "champion"})
    assert refused.status_code == 422
    assert "get the shared model" in refused.content.decode()
    answer = browser.post(url("copy"), {"name": "quince", "alias": "champion"})
    assert answer.url == reverse("models:version", args=["quince", 1])
    page = text_of(browser, answer.url)
    assert "shop version 1 of Fernhill" in page
    assert "No credential fjord-key is set" in page
    assert Model.objects.get(name="quince").owner is not None


def test_owner_sees_who_copied_and_not_under_which_name(here, browser):
    grant = shared(here, COPY)
    browser.post(url("copy"), {"name": "quince", "alias": "champion"})
    owner = browser_of(grant.model.workspace)
    page = text_of(owner, reverse("model_work:sharing", args=["shop"]))
    assert "Copies" in page
    assert here.name in page
    assert "quince" not in page


@pytest.mark.parametrize(
    ("role", "status"), [(Role.BUILDER, 200), (Role.VIEWER, 403), (Role.PUBLISHER, 403)]
)
def test_who_may_register_may_copy(here, role, status):
    shared(here, COPY)
    assert browser_of(here, role).get(url("copy")).status_code == status
    assert browser_of(here, role).get(url("model")).status_code == 200


def test_copy_is_asked_for_in_a_dialog(here, browser):
    shared(here, COPY)
    part = browser.get(url("copy"), headers=HTMX).content.decode()
    assert "<html" not in part
    assert "Copy shop of Fernhill?" in part
