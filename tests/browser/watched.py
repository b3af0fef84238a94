"""Pages that remember every error of their console."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Page

AXE = Path(__file__).with_name("vendor") / "axe.js"
SERIOUS = ("serious", "critical")
# The rules of axe that ask for colours.
COLOURS = ("color-contrast", "link-in-text-block")


class Console:
    """The errors of all pages of one test, violations of the CSP among them.

    A test that provokes an error adds a part of its text to `expected`.
    """

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.expected: list[str] = []
        self._is_listening = True

    def watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", self._hear_of_failure)

    def leave(self, page: Page) -> None:
        page.remove_listener("console", self._hear)
        page.remove_listener("pageerror", self._hear_of_failure)

    def unexpected(self) -> list[str]:
        return [e for e in self.errors if not any(x in e for x in self.expected)]

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """For a tool that is no part of the page."""
        self._is_listening = False
        yield
        self._is_listening = True

    def _hear_of_failure(self, error: Error) -> None:
        self.errors.append(str(error))

    def _hear(self, message: ConsoleMessage) -> None:
        if self._is_listening and message.type == "error":
            url = message.location.get("url", "")
            self.errors.append(f"{message.text} ({url})")


def serious_findings(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds, one line for each rule; by these rules alone, if some are given."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"preload": False, "resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    run = f"axe.run(document, {json.dumps(options)})"
    found = page.evaluate(f"{run}.then((found) => found.violations)")
    return [
        f"{rule['id']}: {rule['help']} at "
        + ", ".join(str(node["target"][0]) for node in rule["nodes"])
        for rule in found
        if rule["impact"] in SERIOUS
    ]
