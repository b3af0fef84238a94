"""`manage.py test --mutants`: plant each bug in a copy, and see that tests fail."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.testing.mutant import Edit, Mutant
from orchestrator_site.testing.mutants import MUTANTS
from orchestrator_site.testing.servers import server_environment

LEFT_OUT = (".git", ".venv", ".baton", ".*_cache", "__pycache__")
SETTINGS = "orchestrator_site.settings.test"
LONGEST_S = 600
# pytest: 1 is for tests that failed; everything above is trouble of another kind.
PASSED, FAILED = 0, 1
FIRST_FAILURE = re.compile(r"^FAILED \S*::(\w+)", re.MULTILINE)


class Verdict(NamedTuple):
    """What came of a bug on a database; `words` say so, `noticed_by` names a test."""

    mutant: str
    database: str
    words: str
    noticed_by: str
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.words:9} {self.mutant:31} {self.database:11}"
            f"{self.seconds:6.1f} s  {self.noticed_by}"
        )


class Outcome(NamedTuple):
    """How pytest ended, and what it printed."""

    code: int
    output: str


def main(words: Sequence[str]) -> int:
    """Plant all bugs, or those that are named; 1 if one was not noticed."""
    chosen = choose(words)
    with tempfile.TemporaryDirectory(prefix="baton-mutants-") as name:
        tree = Path(name) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
        with server_environment() as servers:
            bench = Bench(tree, servers)
            verdicts = list(_tell_each(bench, chosen))
    print("== mutants")
    for verdict in verdicts:
        print(verdict)
    noticed = sum(verdict.words == "noticed" for verdict in verdicts)
    print(f"{noticed} of {len(verdicts)} noticed")
    return int(noticed < len(verdicts))


def _tell_each(bench: "Bench", chosen: Sequence[Mutant]) -> Iterator[Verdict]:
    """Try all of them; whoever stops it before the end has read of those before."""
    for mutant in chosen:
        for verdict in bench.try_(mutant):
            print(verdict, flush=True)
            yield verdict


def choose(names: Sequence[str]) -> list[Mutant]:
    """The mutants of these names, or all. Raises: CannotRun for a name that is none."""
    known = {mutant.name: mutant for mutant in MUTANTS}
    if unknown := [name for name in names if name not in known]:
        raise CannotRun(
            f"There is no mutant {unknown[0]!r}. There are: {', '.join(known)}."
        )
    return [known[name] for name in names or known]


@contextmanager
def planted(tree: Path, edits: Sequence[Edit]) -> Iterator[None]:
    """A tree with these edits, until the end of the block."""
    before: dict[Path, str] = {}
    try:
        for edit in edits:
            path = tree / edit.path
            before.setdefault(path, path.read_text(encoding="utf-8"))
            plant(tree, edit)
        yield
    finally:
        for path, source in before.items():
            path.write_text(source, encoding="utf-8")


def plant(tree: Path, edit: Edit) -> None:
    """Put a bug into a tree. Raises: CannotRun if its place is not there once."""
    path = tree / edit.path
    source = path.read_text(encoding="utf-8")
    if source.count(edit.text) != 1:
        raise CannotRun(
            f"{edit.path} holds {source.count(edit.text)} times, not once: {edit.text!r}. "
            "Correct orchestrator_site/testing/mutants.py."
        )
    path.write_text(source.replace(edit.text, edit.instead), encoding="utf-8")


class Bench:
    """A copy of the project in which bugs are planted, and servers for its tests."""

    def __init__(self, tree: Path, servers: Mapping[str, str]) -> None:
        self._tree = tree
        # Files change within a second and keep their size: no compiled ones are kept.
        self._env = {
            **os.environ,
            **servers,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONPATH": str(tree),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def try_(self, mutant: Mutant) -> Iterator[Verdict]:
        """Plant a bug and run its tests, which pass without it."""
        for database in mutant.databases:
            print(f"== {mutant.name} on {database}", flush=True)
            began = time.monotonic()
            with planted(self._tree, mutant.others_down):
                sound = self._test(mutant, database)
            with planted(self._tree, mutant.edits):
                ill = self._test(mutant, database)
            words = _words(sound, ill)
            found = FIRST_FAILURE.search(ill.output)
            if words == "broken":
                print((sound if sound.code != PASSED else ill).output[-6000:])
            yield Verdict(
                mutant.name,
                database,
                words,
                found[1] if found and words == "noticed" else "",
                time.monotonic() - began,
            )

    def _test(self, mutant: Mutant, database: str) -> Outcome:
        env = dict(self._env)
        if database == "sqlite":
            env.pop("DATABASE_URL_FILE", None)
            env["DATABASE_URL"] = f"sqlite:///{env['BATON_DATA_DIR']}/baton.sqlite3"
        command = [sys.executable, "-m", "pytest", *mutant.tests, "-q", "-x"]
        try:
            found = subprocess.run(
                command,
                cwd=self._tree,
                env=env,
                capture_output=True,
                text=True,
                timeout=LONGEST_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Outcome(FAILED, "FAILED ::nothing_ended")
        return Outcome(found.returncode, found.stdout + found.stderr)


def _words(sound: Outcome, ill: Outcome) -> str:
    if sound.code != PASSED or ill.code not in (PASSED, FAILED):
        return "broken"
    return "noticed" if ill.code == FAILED else "survived"
