"""Which Chromium the tests use, or why there is none."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_ONE = (
    "there is no Chromium. Install one (apt-get install chromium) or name its program "
    "in BATON_CHROMIUM"
)


def program() -> str | None:
    """The path of the browser to start."""
    given = os.environ.get("BATON_CHROMIUM", "")
    found = (shutil.which(name) for name in (given, *NAMES) if name)
    return next(filter(None, found), None)


def is_required() -> bool:
    return os.environ.get("BATON_REQUIRE_BROWSER") == "1"


def arguments() -> list[str]:
    quiet = ["--disable-gpu", "--disable-background-networking"]
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet
