"""Every problem code is reached, worded, and documented."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.errors import GraphInvalid, Problem
from flows.graph.parse import parse, parse_text
from flows.graph.validate import validate
from flows.nodes.registry import NODE_TYPES
from tests.flows.graph.problem_cases import CASES

ROOT = Path(__file__).parents[3]
WORD = re.compile(r"[a-z]+(_[a-z]+)+")


def problems_of(document: object) -> list[Problem]:
    try:
        if isinstance(document, bytes):
            document = parse_text(document)
        return validate(parse(document), NODE_TYPES)
    except GraphInvalid as error:
        return error.problems


@pytest.mark.parametrize("code", CASES)
def test_problem_is_found_at_its_place(code: str) -> None:
    case = CASES[code]
    found = [each for each in problems_of(case.document) if each.code == code]
    assert len(found) == 1
    problem = found[0]
    assert case.words in problem.message
    assert (problem.node_id, problem.edge_id) == (case.node_id, case.edge_id)
    assert problem.pointer == case.pointer


@pytest.mark.parametrize("code", CASES)
def test_message_says_what_is_wrong_then_what_to_do(code: str) -> None:
    for problem in problems_of(CASES[code].document):
        assert re.search(r"[.?)] [A-Z]", problem.message)
        assert "invalid value" not in problem.message.lower()
        assert len(problem.message) < 400


def test_what_a_flow_can_live_with_is_a_warning() -> None:
    severities = {
        problem.code: problem.severity
        for case in CASES.values()
        for problem in problems_of(case.document)
    }
    warnings = {code for code, severity in severities.items() if severity == "warning"}
    assert warnings == {
        "port_unconnected",
        "leaves_loop_early",
        "slot_held_while_waiting",
    }


def test_every_code_is_reached_by_a_case() -> None:
    assert set(codes_in_source()) == set(CASES)


def test_every_code_is_documented_with_what_to_do() -> None:
    page = (ROOT / "docs/graph-format.md").read_text(encoding="utf-8")
    text = page.partition("## Problems")[2]
    rows = re.findall(r"^\| `([a-z_]+)` \| (.+) \| (.+) \|$", text, re.MULTILINE)
    assert {code for code, *_ in rows} == set(CASES)


def codes_in_source() -> Iterator[str]:
    for path in sorted((ROOT / "flows/graph").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for part in parts_with_codes(node):
                yield from words(part)


def parts_with_codes(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.keyword) and node.arg == "code":
        return [node.value]
    if isinstance(node, ast.Call) and name_of(node.func) == "_problem":
        return node.args
    if isinstance(node, ast.FunctionDef) and is_finding(node):
        inner = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
        return [each.value for each in inner if each.value is not None]
    return []


def name_of(tree: ast.expr) -> str:
    return tree.id if isinstance(tree, ast.Name) else ""


def is_finding(function: ast.FunctionDef) -> bool:
    """Whether what it returns are codes, or codes with messages."""
    returns = function.returns
    return function.name == "_code" or (
        returns is not None and name_of(returns) == "Finding"
    )


def words(tree: ast.expr) -> Iterator[str]:
    keys = {
        key
        for each in ast.walk(tree)
        if isinstance(each, ast.Dict)
        for key in each.keys
    }
    constants = [each for each in ast.walk(tree) if isinstance(each, ast.Constant)]
    for each in constants:
        if each not in keys and WORD.fullmatch(str(each.value)):
            yield str(each.value)
