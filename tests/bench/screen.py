"""From a reviewer's commit to another reviewer's screen, with fifty sockets open.

Run with `manage.py bench screen`. A claim is committed here; the time ends when the
row in a Chromium says so. The floor is the arrival of the message at a bare socket.
"""

import asyncio
import json
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

import django

SOCKETS, ROUNDS = 49, 40
WATCH_ROW = """() => {
  window.seen = [];
  let last = "";
  new MutationObserver(() => {
    const now = document.body.innerText.includes("Claimed by") ? "claimed" : "free";
    if (now !== last) { last = now; window.seen.push(Date.now()); }
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


class Sockets:
    """Bare sockets that watch the queue; the first one notes when it hears."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url.replace("http", "ws") + "/ws/live/", key
        self.heard: list[float] = []
        self.ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._open()), daemon=True).start()

    async def _open(self) -> None:
        await asyncio.gather(*(self._listen(number) for number in range(SOCKETS)))

    async def _listen(self, number: int) -> None:
        from django.conf import settings
        from websockets.asyncio.client import connect

        origin = self._url.replace("ws", "http", 1).split("/ws/")[0]
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self._key}"}
        async with connect(self._url, additional_headers=cookie, origin=origin) as line:
            await line.send(json.dumps({"watch": {"approvals": None}}))
            self.ready.set()
            async for text in line:
                if number == 0 and json.loads(text).get("topic"):
                    self.heard.append(time.time())


def make_reviewers():
    from tests.factories.accounts import make_workspace
    from tests.factories.approvals import make_approval, make_reviewer

    workspace = make_workspace()
    approval = make_approval(workspace=workspace)
    return make_reviewer(workspace), make_reviewer(workspace), approval


def measure(url: str) -> tuple[list[float], list[float]]:
    """Milliseconds to the bare socket and to the screen, a pair for each round."""
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium
    from tests.orchestrator_site.live.sockets import log_in

    watcher, decider, approval = make_reviewers()
    sockets = Sockets(url, log_in(watcher.user))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.arguments()
        )
        page = browser.new_context(base_url=url).new_page()
        open_queue(page, watcher, url)
        sockets.ready.wait()
        pairs = [
            play_round(page, sockets, approval, decider, number)
            for number in range(ROUNDS)
        ]
        browser.close()
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def open_queue(page, watcher, url: str) -> None:
    from playwright.sync_api import expect

    from tests.browser.conftest import _log_in

    _log_in(page, watcher.user, url)
    page.goto("/approvals/")
    expect(page.locator("html")).to_have_attribute("data-live-state", "live")
    page.evaluate(WATCH_ROW)


def play_round(page, sockets, approval, decider, number) -> tuple[float, float]:
    """Claim or release, and say when socket and screen knew."""
    from approvals.services.claiming import claim, release

    page.wait_for_timeout(300)  # people do not act in bursts
    seen, heard = page.evaluate("window.seen.length"), len(sockets.heard)
    (release if number % 2 else claim)(approval.pk, principal=decider)
    committed = time.time() * 1000
    while page.evaluate("window.seen.length") <= seen:
        page.wait_for_timeout(5)
    shown = page.evaluate(f"window.seen[{seen}]")
    return sockets.heard[heard] * 1000 - committed, shown - committed


def main() -> None:
    from orchestrator_site.testing.servers import server_environment

    with server_environment() as env, tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/screen.sqlite3"
        os.environ.update(env, DATABASE_URL=url, DJANGO_ALLOW_ASYNC_UNSAFE="1")
        os.environ["DJANGO_SETTINGS_MODULE"] = "orchestrator_site.settings.test"
        django.setup()
        from django.core.management import call_command

        from tests.browser.site import running_site

        call_command("migrate", verbosity=0)
        with running_site(Path(folder) / "web.log") as address:
            to_socket, to_screen = measure(address)
    for name, times in (("screen", to_screen), ("floor, bare socket", to_socket)):
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{name:20} p50 {statistics.median(times):5.0f} ms  p95 {p95:5.0f} ms")


if __name__ == "__main__":
    main()
