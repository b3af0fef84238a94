import json
from pathlib import Path

from orchestrator_site.vendoring.manifest import ROOT, Manifest, differences, digests

HERE = ROOT / "orchestrator_site" / "vendoring"
FREE = {"MIT", "ISC", "0BSD", "BSD-0-Clause", "BSD-3-Clause", "Apache-2.0"}


def test_files_are_those_of_the_manifest_byte_for_byte():
    assert differences(Manifest.read().files, digests(ROOT)) == []


def test_missing_unknown_and_changed_files_are_told():
    expected = {"a.js": "1", "b.js": "2"}
    assert differences(expected, {"b.js": "3", "c.js": "4"}) == [
        "a.js is missing.",
        "c.js is not listed.",
        "b.js differs.",
    ]


def test_every_shipped_package_is_pinned_and_free():
    pins = json.loads((HERE / "package.json").read_text())
    locked = json.loads((HERE / "package-lock.json").read_text())["packages"]
    asked = {**pins["dependencies"], **pins["devDependencies"]}
    packages = Manifest.read().packages
    assert all(
        locked[f"node_modules/{name}"]["version"] == asked[name] for name in asked
    )
    shipped = {name: about for name, about in packages.items() if name != "axe-core"}
    assert {about["license"] for about in shipped.values()} <= FREE


def test_lock_file_names_no_registry():
    assert "resolved" not in (HERE / "package-lock.json").read_text()


def test_every_licence_text_is_shipped():
    texts = (ROOT / "static/vendor/LICENSES.txt").read_text(encoding="utf-8")
    shipped = Manifest.read().packages.keys() - {"axe-core"}
    assert [name for name in shipped if f"{name} " not in texts] == []


def test_vendored_code_evaluates_no_text_when_it_is_loaded():
    bundle = (ROOT / "static/vendor/flow-kit.js").read_text(encoding="utf-8")
    assert "eval(" not in bundle
    assert "new Function" not in bundle


def test_templates_use_only_icons_that_are_shipped():
    names = set((HERE / "icons.txt").read_text().split())
    sprite = (ROOT / "static/vendor/icons.svg").read_text(encoding="utf-8")
    assert [name for name in names if f'id="{name}"' not in sprite] == []
    assert [name for name in _used(ROOT / "templates") if name not in names] == []


def _used(folder: Path) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))
    words = (
        part.split('"')[0] for text in texts for part in text.split('{% icon "')[1:]
    )
    return set(words)
