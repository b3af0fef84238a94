"""Nothing grows until it can no longer be read in one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_tree import PACKAGES, ROOT, files

MODULE, TEST_FILE, FUNCTION, CLASS, TEMPLATE, SCRIPT = 400, 500, 50, 300, 150, 300


def test_no_module_is_too_long():
    assert list(_too_long(files(*PACKAGES, suffix=".py"), MODULE)) == []


def test_no_test_file_is_too_long():
    assert list(_too_long(files("tests", suffix=".py"), TEST_FILE)) == []


def test_no_template_is_too_long():
    assert list(_too_long(files("templates", suffix=".html"), TEMPLATE)) == []


def test_no_script_is_too_long():
    assert list(_too_long(files("static", suffix=".js"), SCRIPT)) == []


def test_no_function_or_class_is_too_long():
    paths = files(*PACKAGES, "tests", suffix=".py")
    assert [found for path in paths for found in _long_definitions(path)] == []


def _too_long(paths: Iterator[Path], limit: int) -> Iterator[str]:
    for path in paths:
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > limit:
            yield f"{path.relative_to(ROOT)}: {length} lines, at most {limit}"


def _long_definitions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                limit = FUNCTION
            case ast.ClassDef():
                limit = CLASS
            case _:
                continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > limit:
            where = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield f"{where}: {length} lines, at most {limit}"
