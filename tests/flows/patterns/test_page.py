"""The page of the workflow patterns is complete and true."""

import ast

from tests.architecture.source_tree import ROOT
from tests.flows.patterns.pages import rows

TESTS = "tests/flows/patterns/test_workflow_patterns.py"


def test_every_original_pattern_has_its_row():
    assert [row.number for row in rows()] == list(range(1, 21))


def test_every_row_names_a_test_and_every_test_has_a_row():
    tree = ast.parse((ROOT / TESTS).read_text(encoding="utf-8"))
    tests = [
        f"{TESTS}::{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert [row.test for row in rows()] == tests
