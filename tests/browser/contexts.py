"""Browser contexts that one test after the other uses.

A context of its own for each test would fetch and compile every script anew, which takes
longer than most tests. What a test can see is gone before the next: pages, cookies,
storage. What is fetched stays, as it does for people.
"""

from playwright.sync_api import Browser, BrowserContext, Page

WIDTH, HEIGHT = 1440, 900


class Contexts:
    """Contexts of one browser for the site at `url`."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self._browser = browser
        self._free: list[BrowserContext] = []

    def open_page(self, *, width: int = WIDTH, theme: str = "light") -> Page:
        """An empty page, the only one of its context, in which nobody is logged in."""
        context = self._free.pop() if self._free else self._make()
        page = context.new_page()
        # Only now: the pages of the last test may have stored something as they closed.
        context.new_cdp_session(page).send(
            "Storage.clearDataForOrigin",
            {"origin": self.url, "storageTypes": "cookies,local_storage"},
        )
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        return page

    def take_back(self, context: BrowserContext) -> None:
        """Close the pages of a context, so that another test may use it."""
        for page in context.pages:
            page.close()
        context.set_offline(False)
        self._free.append(context)

    def close(self) -> None:
        for context in self._free:
            context.close()

    def _make(self) -> BrowserContext:
        return self._browser.new_context(
            base_url=self.url,
            viewport={"width": WIDTH, "height": HEIGHT},
            reduced_motion="reduce",
        )
