"""The names under which a page's modules import each other."""

import functools
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

# Prefix of the bare name, folder under `static/`.
FOLDERS = (("baton", "js"), ("builder", "flows/builder"))
VENDORED = {"flow-kit": "vendor/flow-kit.js", "htmx": "vendor/htmx.js"}


@functools.cache
def import_map() -> dict[str, str]:
    """Bare names and addresses of all modules, read once per process.

    Django puts digests into file names, but does not rewrite `import` lines. So our
    modules import each other by bare name too.
    """
    ours = {
        f"{prefix}/{path.relative_to(root).with_suffix('').as_posix()}": (
            f"{folder}/{path.relative_to(root).as_posix()}"
        )
        for prefix, folder in FOLDERS
        for root in _roots(folder)
        for path in sorted(root.rglob("*.js"))
        if not path.name.endswith(".test.js")
    }
    return {name: static(path) for name, path in {**VENDORED, **ours}.items()}


def _roots(folder: str) -> list[Path]:
    roots = [Path(root) / folder for root in settings.STATICFILES_DIRS]
    return [root for root in roots if root.is_dir()]
