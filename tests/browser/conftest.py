"""A real browser before the real web process.

    def test_a_run_is_cancelled(browser_page, login):
        login(browser_page, make_membership(role=Role.OWNER).user)
        browser_page.goto("/runs/")

Every test fails on an error in the console, and on a violation of the CSP, which is one.
"""

from collections.abc import Callable, Sequence

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.contexts import WIDTH, Contexts
from tests.browser.site import running_site
from tests.browser.watched import Console, serious_findings

PATIENCE_MS = 30_000  # a busy machine takes its time
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser; skip it where there is none and none is required."""
    ours = [item for item in items if "chromium_browser" in item.fixturenames]
    for item in ours:
        item.add_marker("browser")
        if chromium.program() is None and not chromium.is_required():
            item.add_marker(pytest.mark.skip(reason=chromium.HOW_TO_GET_ONE))


def pytest_terminal_summary(terminalreporter) -> None:
    """Say it in one line; a row of `s` would be overlooked."""
    skipped = terminalreporter.getreports("skipped")
    count = sum(chromium.HOW_TO_GET_ONE in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(
            f"{count} browser tests did not run: {chromium.HOW_TO_GET_ONE}."
        )


@pytest.fixture(scope="session")
def chromium_browser():
    if chromium.program() is None:
        pytest.fail(f"{chromium.HOW_TO_GET_ONE}.", pytrace=False)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, which Django takes for async code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.arguments()
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_url(django_db_setup, django_db_blocker, tmp_path_factory):
    log = tmp_path_factory.mktemp("site") / "web.log"
    with django_db_blocker.unblock(), running_site(log) as url:
        yield url


@pytest.fixture
def console():
    """See `Console.expected` for tests that provoke an error."""
    console = Console()
    yield console
    assert console.unexpected() == []


@pytest.fixture(scope="session")
def contexts(chromium_browser: Browser, site_url: str):
    contexts = Contexts(chromium_browser, site_url)
    yield contexts
    contexts.close()


@pytest.fixture
def new_page(contexts: Contexts, console: Console, transactional_db):
    """Make a page in a context of its own: `new_page(width=420, theme="dark")`."""
    lent = []

    def make(*, user=None, width: int = WIDTH, theme: str = "light") -> Page:
        page = contexts.open_page(width=width, theme=theme)
        lent.append(page.context)
        page.context.set_default_timeout(PATIENCE_MS)
        console.watch(page)
        if user is not None:
            _log_in(page, user, contexts.url)
        return page

    yield make
    for context in lent:
        contexts.take_back(context)


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """One page, 1440 wide, light, not logged in."""
    return new_page()


@pytest.fixture
def login(site_url: str):
    """Log somebody in without the form: `login(page, user)`."""
    return lambda page, user: _log_in(page, user, site_url)


@pytest.fixture
def assert_accessible(console: Console):
    """No serious finding of axe: `assert_accessible(page)`.

    `rules` are those of axe to which the look is limited.
    """

    def check(page: Page, rules: Sequence[str] = ()) -> None:
        with console.deaf():
            findings = serious_findings(page, rules)
        assert findings == []

    return check


def _log_in(page: Page, user, site_url: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": site_url}])
