"""The bugs that `manage.py test --mutants` plants still have their places."""

import ast

import pytest

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.testing.mutant import Edit
from orchestrator_site.testing.mutants import MUTANTS
from orchestrator_site.testing.mutation import choose, plant, planted


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_bug_has_its_places_and_is_python(mutant, tmp_path):
    for edit in (*mutant.edits, *mutant.others_down):
        copy = tmp_path / edit.path
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text((ROOT / edit.path).read_text())
    for edits in (mutant.edits, mutant.others_down):
        with planted(tmp_path, edits):
            for edit in edits:
                ast.parse((tmp_path / edit.path).read_text())
                assert edit.instead != edit.text or edits is mutant.others_down


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_bug_has_its_tests(mutant):
    paths = [words for words in mutant.tests if words.startswith("tests/")]
    assert paths
    for words in paths:
        path, _, name = words.partition("::")
        assert (ROOT / path).exists()
        assert not name or f"def {name}(" in (ROOT / path).read_text()


def test_a_bug_whose_place_has_changed_is_told(tmp_path):
    (tmp_path / "a.py").write_text("one\none\n")
    with pytest.raises(CannotRun, match=r"a\.py holds 2 times"):
        plant(tmp_path, Edit("a.py", "one", "two"))


def test_a_bug_is_put_in_the_place_of_its_text_and_taken_away(tmp_path):
    (tmp_path / "a.py").write_text("one\nthree\n")
    with planted(tmp_path, [Edit("a.py", "one", "two")]):
        assert (tmp_path / "a.py").read_text() == "two\nthree\n"
    assert (tmp_path / "a.py").read_text() == "one\nthree\n"


def test_an_unknown_name_is_told_with_those_that_are_known():
    with pytest.raises(CannotRun, match="dead-path"):
        choose(["dead-pat"])
