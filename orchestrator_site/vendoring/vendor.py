"""Rebuilds the JavaScript, CSS and icons that others wrote. For the maintainer.

    python -m orchestrator_site.vendoring.vendor            builds and writes
    python -m orchestrator_site.vendoring.vendor --check    builds and compares

To move to another version, edit package.json, delete package-lock.json, run this with
`--lock`, look at the change and commit it. Needs Node 20 or newer with npm, and nothing
of it is needed to run Baton.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from orchestrator_site.vendoring.manifest import (
    FOLDERS,
    ROOT,
    Manifest,
    differences,
    digests,
)

HERE = Path(__file__).parent
PINS = ("package.json", "package-lock.json")
LICENCE_NAMES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENSE-3RD-PARTY.txt")
ICON = re.compile(r"<path (?!stroke)[^>]*/>")


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild the vendored files.")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("--lock", action="store_true", help="make package-lock.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if given.lock:
            _lock(work)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=_pin(work))
        manifest = _build(work, work / "built")
        if given.check:
            return _report(differences(manifest.files, digests(ROOT)))
        _replace(work / "built")
    manifest.write()
    return 0


def _pin(work: Path) -> Path:
    for name in PINS:
        shutil.copy(HERE / name, work)
    return work


def _lock(work: Path) -> None:
    """Store which packages belong together, without the address of a registry."""
    shutil.copy(HERE / PINS[0], work)
    _run(
        "npm",
        "install",
        "--package-lock-only",
        "--omit-lockfile-registry-resolved",
        cwd=work,
    )
    shutil.copy(work / PINS[1], HERE)


def _build(work: Path, built: Path) -> Manifest:
    static, tests = (built / folder for folder in FOLDERS)
    static.mkdir(parents=True)
    tests.mkdir(parents=True)
    modules = work / "node_modules"
    bundled = _bundle(work, static / "flow-kit.js")
    _esbuild(
        work,
        str(modules / "@xyflow/react/dist/style.css"),
        "--minify",
        f"--outfile={static / 'flow-kit.css'}",
    )
    htmx = (modules / "htmx.org/dist/htmx.esm.min.js").read_text(encoding="utf-8")
    (static / "htmx.js").write_text(_without_source_map(htmx), encoding="utf-8")
    _write_sprite(modules / "@tabler/icons", static / "icons.svg")
    shutil.copy(modules / "axe-core/axe.min.js", tests / "axe.js")
    shipped = sorted({*bundled, "htmx.org", "@tabler/icons"})
    _write_licences(modules, shipped, static / "LICENSES.txt")
    _write_licences(modules, ["axe-core"], tests / "LICENSES.txt")
    packages = {name: _about(modules / name) for name in [*shipped, "axe-core"]}
    return Manifest(packages=packages, files=digests(built))


def _bundle(work: Path, target: Path) -> list[str]:
    """Write the editor's one module; returns the packages that are in it."""
    entry = work / "flow-kit.js"
    shutil.copy(HERE / entry.name, entry)
    inputs = work / "inputs.json"
    _esbuild(
        work,
        str(entry),
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--legal-comments=none",
        "--define:process.env.NODE_ENV='production'",
        f"--metafile={inputs}",
        f"--outfile={target}",
    )
    paths = json.loads(inputs.read_text(encoding="utf-8"))["inputs"]
    found = (re.search(r"node_modules/((?:@[^/]+/)?[^/]+)/", path) for path in paths)
    return sorted({match[1] for match in found if match})


def _esbuild(work: Path, *words: str) -> None:
    _run(
        "node",
        "node_modules/esbuild/bin/esbuild",
        "--log-level=warning",
        *words,
        cwd=work,
    )


def _without_source_map(text: str) -> str:
    return re.sub(r"\n//# sourceMappingURL=.*", "", text)


def _write_sprite(package: Path, target: Path) -> None:
    names = (HERE / "icons.txt").read_text(encoding="utf-8").split()
    symbols = [_symbol(package / f"icons/outline/{name}.svg") for name in names]
    head = f"<!-- Tabler Icons {_about(package)['version']}, MIT: see LICENSES.txt -->"
    body = "\n".join(symbols)
    svg = f'{head}\n<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'
    target.write_text(svg, encoding="utf-8")


def _symbol(path: Path) -> str:
    paths = "".join(ICON.findall(path.read_text(encoding="utf-8")))
    return f'<symbol id="{path.stem}" viewBox="0 0 24 24">{paths}</symbol>'


def _write_licences(modules: Path, names: list[str], target: Path) -> None:
    parts = []
    for name in names:
        about = _about(modules / name)
        texts = [modules / name / text for text in LICENCE_NAMES]
        words = [t.read_text(encoding="utf-8").strip() for t in texts if t.exists()]
        head = f"{name} {about['version']} ({about['license']})"
        parts.append("\n\n".join([head, "-" * len(head), *words]))
    rule = "\n\n" + "=" * 80 + "\n\n"
    target.write_text(rule.join(parts) + "\n", encoding="utf-8")


def _about(package: Path) -> dict[str, str]:
    said = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return {"version": said["version"], "license": said["license"]}


def _replace(built: Path) -> None:
    for folder in FOLDERS:
        shutil.rmtree(ROOT / folder, ignore_errors=True)
        shutil.copytree(built / folder, ROOT / folder)


def _report(found: list[str]) -> int:
    for sentence in found:
        print(sentence)
    print("The vendored files differ from their sources." if found else "Unchanged.")
    return 1 if found else 0


def _run(*words: str, cwd: Path) -> None:
    subprocess.run(words, cwd=cwd, check=True)


if __name__ == "__main__":
    sys.exit(main())
