"""The bugs that `manage.py test --mutants` plants still have their places."""

import pytest

from orchestrator_site.supervisor.errors import CannotRun
from orchestrator_site.supervisor.options import ROOT
from orchestrator_site.testing.mutants import MUTANTS, Edit
from orchestrator_site.testing.mutation import choose, plant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_bug_has_its_places_and_its_tests(mutant):
    for edit in mutant.edits:
        assert (ROOT / edit.path).read_text().count(edit.text) == 1, edit.text
        assert edit.instead != edit.text
    for words in mutant.tests:
        if words.startswith("tests/"):
            path, _, name = words.partition("::")
            assert (ROOT / path).exists()
            assert not name or f"def {name}(" in (ROOT / path).read_text()


def test_a_bug_whose_place_has_changed_is_told(tmp_path):
    (tmp_path / "a.py").write_text("one\none\n")
    with pytest.raises(CannotRun, match=r"a\.py holds 2 times"):
        plant(tmp_path, Edit("a.py", "one", "two"))


def test_a_bug_is_put_in_the_place_of_its_text(tmp_path):
    (tmp_path / "a.py").write_text("one\nthree\n")
    plant(tmp_path, Edit("a.py", "one", "two"))
    assert (tmp_path / "a.py").read_text() == "two\nthree\n"


def test_an_unknown_name_is_told_with_those_that_are_known():
    with pytest.raises(CannotRun, match="dead-path"):
        choose(["dead-pat"])
