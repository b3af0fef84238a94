import pytest
from django.urls import reverse

from model_registry.models import Grant
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.models import make_model_version
from tests.flows.views.people import browser_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"model_work:{name}", args=["shop", *args])


@pytest.fixture
def version():
    return make_model_version(model="shop")


@pytest.fixture
def browser(version):
    return browser_of(version.model.workspace)


def other_of(browser):
    """Another workspace of whoever is logged in."""
    user_id = browser.session["_auth_user_id"]
    member = make_membership(workspace=make_workspace(), role=Role.VIEWER)
    member.user_id = user_id
    member.save()
    return member.workspace


def test_model_is_shared_and_no_longer(browser):
    other = other_of(browser)
    posted = {"workspace": other.slug, "access": "copy"}
    assert browser.post(url("grant"), posted).url == url("sharing")
    grant = Grant.objects.get()
    assert (grant.workspace, grant.access) == (other, "copy")
    section = browser.get(url("sharing")).content.decode()
    assert "read and copy it" in section
    assert browser.get(url("withdraw", grant.pk)).status_code == 200
    assert Grant.objects.exists()
    browser.post(url("withdraw", grant.pk))
    assert not Grant.objects.exists()


def test_workspaces_of_others_are_not_offered(browser):
    stranger = make_workspace()
    form = browser.get(url("grant")).content.decode()
    assert stranger.slug not in form
    posted = {"workspace": stranger.slug, "access": "call"}
    assert browser.post(url("grant"), posted).status_code == 422
    assert not Grant.objects.exists()


def test_builders_look_and_do_not_share(version):
    browser = browser_of(version.model.workspace, Role.BUILDER)
    assert browser.get(url("sharing")).status_code == 200
    assert browser.get(url("grant")).status_code == 403


def test_models_like_this_one_are_named(browser, version):
    workspace = version.model.workspace
    make_model_version(workspace=workspace, model="twin", capability="other")
    settings = {"entry_point": "echo", "options": {"loud": True}}
    make_model_version(workspace=workspace, model="cousin", settings=settings)
    make_model_version(
        workspace=workspace, model="stranger", capability="other", settings=settings
    )
    section = browser.get(url("sharing")).content.decode()
    words = ("twin", "is the same", "cousin", "takes and gives the same")
    places = [section.index(word) for word in words]
    assert places == sorted(places)
    assert "stranger" not in section
