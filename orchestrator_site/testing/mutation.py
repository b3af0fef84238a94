"""`manage.py test --mutants`: plant each bug in a copy, and see that tests fail."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.testing.mutants import MUTANTS, Edit, Mutant
from orchestrator_site.testing.servers import server_environment

LEFT_OUT = (".git", ".venv", ".baton", ".*_cache", "__pycache__")
SETTINGS = "orchestrator_site.settings.test"
# pytest: 1 is for tests that failed; everything above is trouble of another kind.
FAILED = 1


class Verdict(NamedTuple):
    """What came of a mutant; `words` say so in the report."""

    mutant: Mutant
    words: str
    seconds: float


def main(words: Sequence[str]) -> int:
    """Plant all bugs, or those that are named; 1 if one was not noticed."""
    chosen = choose(words)
    verdicts = [_try(mutant) for mutant in chosen]
    print("== mutants")
    for verdict in verdicts:
        print(f"{verdict.words:10}{verdict.mutant.name:34}{verdict.seconds:7.1f} s")
    return int(any(verdict.words != "noticed" for verdict in verdicts))


def choose(names: Sequence[str]) -> list[Mutant]:
    """The mutants of these names, or all. Raises: CannotRun for a name that is none."""
    known = {mutant.name: mutant for mutant in MUTANTS}
    if unknown := [name for name in names if name not in known]:
        raise CannotRun(
            f"There is no mutant {unknown[0]!r}. There are: {', '.join(known)}."
        )
    return [known[name] for name in names or known]


def plant(tree: Path, edit: Edit) -> None:
    """Put a bug into a tree. Raises: CannotRun if its place is not there once."""
    path = tree / edit.path
    source = path.read_text()
    if source.count(edit.text) != 1:
        raise CannotRun(
            f"{edit.path} holds {source.count(edit.text)} times, not once: {edit.text!r}. "
            "Correct orchestrator_site/testing/mutants.py."
        )
    path.write_text(source.replace(edit.text, edit.instead))


def _try(mutant: Mutant) -> Verdict:
    began = time.monotonic()
    print(f"== {mutant.name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="baton-mutant-") as name:
        tree = Path(name) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for edit in mutant.edits:
            plant(tree, edit)
        with server_environment(with_postgres=mutant.database == "postgresql") as env:
            code = _test(mutant, tree, env)
    words = {0: "survived", FAILED: "noticed"}.get(code, "broken")
    return Verdict(mutant, words, time.monotonic() - began)


def _test(mutant: Mutant, tree: Path, servers: Mapping[str, str]) -> int:
    env = {**os.environ, **servers, "DJANGO_SETTINGS_MODULE": SETTINGS}
    env["PYTHONPATH"] = str(tree)
    if mutant.database == "sqlite":
        env.pop("DATABASE_URL_FILE", None)
        env["DATABASE_URL"] = f"sqlite:///{env['BATON_DATA_DIR']}/baton.sqlite3"
    command = [sys.executable, "-m", "pytest", *mutant.tests, "-q", "-x", "--no-header"]
    found = subprocess.run(command, cwd=tree, env=env, capture_output=True, check=False)
    if found.returncode > FAILED:
        sys.stdout.buffer.write(found.stdout[-4000:] + found.stderr[-2000:])
    return found.returncode
