"""What import-linter cannot see: what a process has loaded, what code may call."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_tree import PACKAGES, ROOT, files

MODEL_LIBRARIES = (
    "sklearn scipy onnxruntime tokenizers wordllama statsmodels river xllamacpp"
)
LOAD_WEB_PROCESS = f"""
import sys
import orchestrator_site.asgi
from django.urls import get_resolver

def load(resolver):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            load(entry)

load(get_resolver())
print(*sorted(set("{MODEL_LIBRARIES}".split()) & set(sys.modules)))
"""
APPS = (
    "orchestrator_site.accounts",
    "orchestrator_site.ledger",
    "orchestrator_site.egress",
    "orchestrator_site.live",
    "orchestrator_site.schemas",
    "model_registry",
    "approvals",
)
DOORS = (
    *(f"{app}.api" for app in APPS),
    # For `apps.py`, which runs before models can be imported.
    "orchestrator_site.ledger.sources",
    # For `apps.py` and the expression language, which stands above the registry.
    "model_registry.expressions",
    # For `apps.py` likewise, and who counts reviewers' verdicts.
    "model_registry.reviews",
    # For settings, which are read before models can be imported.
    "orchestrator_site.egress.errors",
    "orchestrator_site.egress.origins",
    # For adapters, which import no Django.
    "orchestrator_site.egress.allowance",
    "orchestrator_site.egress.client",
    # Routing names the consumer as it names a view.
    "orchestrator_site.live.consumer",
)
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "runpy", "code", "cloudpickle"}
# `subprocess` only where the worker starts its one child for CPU-heavy models.
STARTS_CHILD = {"model_registry/child.py"}


def test_web_process_imports_no_model_library():
    done = subprocess.run(
        [sys.executable, "-c", LOAD_WEB_PROCESS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


def test_no_path_leads_from_a_flow_to_code():
    found = [
        f"{path.relative_to(ROOT)}:{line} {what}"
        for path in files("flows", "model_registry", suffix=".py")
        for line, what in _ways_to_code(path)
    ]
    assert found == []


def test_apps_are_entered_through_their_door_only():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {name}"
        for path in files(*PACKAGES, suffix=".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
        if _passes_the_door(path, name)
    ]
    assert found == []


def _passes_the_door(path: Path, name: str) -> bool:
    importer = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    entered = [app for app in APPS if _is_within(name, app)]
    return any(not _is_within(importer, app) for app in entered) and not any(
        _is_within(name, door) for door in DOORS
    )


def _is_within(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [f"{module}.{alias.name}" for alias in names]
    return []


def _ways_to_code(path: Path) -> Iterator[tuple[int, str]]:
    modules = FORBIDDEN_MODULES
    if str(path.relative_to(ROOT)) not in STARTS_CHILD:
        modules = modules | {"subprocess"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in _called_or_imported(node):
            if name in FORBIDDEN_CALLS or name.partition(".")[0] in modules:
                yield node.lineno, name


def _called_or_imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return [name]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr=name)):
            return [f"os.{name}"]
    return _imported(node)
