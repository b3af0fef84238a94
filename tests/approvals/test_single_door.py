"""Every way of deciding leads through one function."""

import ast
from pathlib import Path

from tests.architecture.source_tree import PACKAGES, ROOT, files

WRITERS = {
    "approvals/models.py",  # declares the table
    "approvals/services/deciding.py",
}
WRITES = {
    "save", "create", "bulk_create", "update", "delete", "get_or_create",
    "update_or_create", "bulk_update",
}  # fmt: skip


def test_no_other_code_writes_decisions():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in files(*PACKAGES, suffix=".py")
        if str(path.relative_to(ROOT)) not in WRITERS
        for line in lines_that_write_decisions(path)
    ]
    assert found == []


def lines_that_write_decisions(path: Path) -> list[int]:
    """Lines that make a `Decision(...)`, or write through it or its table."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.lineno for node in ast.walk(tree) if is_write(node)]


def is_write(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="Decision")):
            return True
        case ast.Call(func=ast.Attribute(attr=name, value=reached)) if name in WRITES:
            words = ast.unparse(reached)
            return "Decision.objects" in words or words.endswith("decision")
        case ast.Constant(value=str(text)):
            return "approvals_decision" in text
    return False


def test_the_search_finds_what_it_looks_for(tmp_path):
    path = tmp_path / "door.py"
    path.write_text(
        "Decision(approval=a)\n"
        "Decision.objects.filter(pk=1).update(outcome='approved')\n"
        "approval.decision.save()\n"
        "Decision.objects.get(pk=1)\n"
        "run('UPDATE approvals_decision SET outcome = 1')\n"
    )
    assert sorted(lines_that_write_decisions(path)) == [1, 2, 3, 5]
