"""Whoever operates Baton finds every variable on one page, and no other."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source_tree import PACKAGES, ROOT, files

READERS = {"text", "flag", "number", "words", "folder", "is_given"}
# Read only so that it can be passed on.
NOT_OURS = {"MALLOC_ARENA_MAX", "PYTHONPATH"}
VARIABLE = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")


def test_page_names_exactly_the_variables_that_are_read():
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)`", page, flags=re.MULTILINE))
    assert documented == _variables_read()


def _variables_read() -> set[str]:
    paths = list(files(*PACKAGES, suffix=".py"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    names = {name for tree in trees for name in _names_read(tree)}
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    names |= set(re.findall(r"\$\{(BATON_[A-Z_]+)", script))
    return {name for name in names if VARIABLE.match(name)} - NOT_OURS


def _names_read(tree: ast.AST) -> Iterator[str]:
    """Find `env.text("X")`, `os.environ.get("X")` and `os.environ["X"]`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=reader) | ast.Name(id=reader),
                args=[ast.Constant(value=str(name)), *_],
            ) if reader in READERS:
                yield name
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name
            case ast.Subscript(
                value=ast.Attribute(attr="environ"),
                slice=ast.Constant(value=str(name)),
                ctx=ast.Load(),
            ):
                yield name
