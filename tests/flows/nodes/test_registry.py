"""Rules that every node type keeps."""

import re
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import jsonschema_rs
import pytest

from flows.nodes.registry import NODE_TYPES

ROOT = Path(__file__).parents[3]
NOT_TYPES = {"__init__", "base", "items", "keys", "registry", "urls", "values"}
VENDORING = ROOT / "orchestrator_site/vendoring"
MODULES = {path.stem for path in (ROOT / "flows/nodes").glob("*.py")} - NOT_TYPES


def test_every_module_is_listed_under_its_name() -> None:
    assert set(NODE_TYPES) == MODULES


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_type_has_a_test_file(name: str) -> None:
    assert (ROOT / f"tests/flows/nodes/test_{name}.py").exists()


@pytest.mark.parametrize("name", sorted(NODE_TYPES))
def test_every_config_has_a_schema_for_the_form(name: str) -> None:
    schema = NODE_TYPES[name].config.model_json_schema()
    jsonschema_rs.meta.validate(schema)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", sorted(NODE_TYPES))
def test_every_type_says_what_it_is(name: str) -> None:
    node_type = NODE_TYPES[name]
    assert node_type.label
    assert node_type.help.endswith(".")
    assert node_type.icon
    assert node_type.icon in (VENDORING / "icons.txt").read_text().split()


def test_documented_example_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs/add-a-node.md").read_text(encoding="utf-8")
    node, test = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "node.py").write_text(node, encoding="utf-8")
    (tmp_path / "test.py").write_text(test, encoding="utf-8")
    made = SimpleNamespace(**runpy.run_path(str(tmp_path / "node.py")))
    monkeypatch.setitem(sys.modules, "flows.nodes.lookup", made)
    tests = runpy.run_path(str(tmp_path / "test.py"))
    cases = tests["test_lookup_leaves_by_what_it_found"].pytestmark[0].args[1]
    for country, result in cases:
        tests["test_lookup_leaves_by_what_it_found"](country, result)
    tests["test_key_that_is_not_text_fails"]()
    assert made.NODE.uses(tests["CONFIG"])[0].error is None
