"""What holds for every page, in both themes, wide and narrow."""

import pytest
from playwright.sync_api import Page

from orchestrator_site.accounts.roles import Role
from orchestrator_site.shell.navigation import GROUPS, url_of
from tests.browser.contexts import Contexts
from tests.browser.pages import CASES, NOT_OURS
from tests.browser.watched import COLOURS, Console
from tests.factories.accounts import make_membership

# Every rule of axe sees each theme and each width; colours are looked at in all four looks.
LOOKS = (
    ("light", 1440, ()),
    ("dark", 1440, COLOURS),
    ("dark", 420, ()),
    ("light", 420, COLOURS),
)
# Of the site, so that the browser keeps the process.
AT_REST = "/static/css/tokens.css"
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def window(contexts: Contexts):
    """One page for all looks: it keeps what it has compiled, axe above all."""
    page = contexts.open_page()
    yield page
    contexts.take_back(page.context)


@pytest.fixture
def page(window: Page, console: Console, transactional_db):
    console.watch(window)
    yield window
    window.goto(AT_REST)  # else it might ask for rows that are gone
    console.leave(window)
    window.context.clear_cookies()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page_is_accessible_and_fits(case, page, login, assert_accessible):
    member = make_membership(role=Role.OWNER)
    if not case.is_public:
        login(page, member.user)
    page.goto(case.address(member.workspace))
    for theme, width, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(SIDEWAYS) is False, (theme, width)
        assert_accessible(page, rules)


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page_needs_few_queries(case, client, django_assert_max_num_queries):
    member = make_membership(role=Role.OWNER)
    address = case.address(member.workspace)
    if not case.is_public:
        client.force_login(member.user)
    with django_assert_max_num_queries(case.most_queries):
        assert client.get(address).status_code == 200


def test_every_page_of_the_navigation_is_checked():
    places = [place for group in GROUPS for place in group.places]
    existing = {place.name for place in places if url_of(place.name)}
    assert existing <= {case.name for case in CASES} | NOT_OURS
