"""What a run of the suite makes of tests that fail."""

import subprocess

import pytest

from orchestrator_site.testing.run import (
    ROOT,
    Part,
    Result,
    look_again,
    pytest_part,
)

SUITE = """
from pathlib import Path
import pytest

def test_unsteady():
    seen = Path(__file__).with_name("seen")
    was_seen = seen.exists()
    seen.touch()
    assert was_seen

@pytest.mark.parametrize("_", range({broken}))
def test_broken(_):
    assert False

def test_sound():
    pass
"""


@pytest.fixture
def part(tmp_path, monkeypatch):
    """A run of a small suite that has ended: `part(broken=1)`."""

    def run(*, broken: int) -> tuple[Part, Result]:
        (tmp_path / "pytest.ini").touch()
        (tmp_path / "test_small.py").write_text(SUITE.format(broken=broken))
        monkeypatch.setattr("orchestrator_site.testing.run.ROOT", tmp_path)
        part = pytest_part("sqlite", "-q", "-p", "no:randomly", "-p", "no:django")
        code = subprocess.run(part.command, cwd=tmp_path, check=False).returncode
        return part, Result(part.name, code, 1.0)

    return run


def test_test_that_fails_once_is_named_and_fails_nothing(part):
    result = look_again(*part(broken=0))
    assert result == Result("tests on sqlite", 0, 1.0, ["test_small.py::test_unsteady"])


def test_test_that_fails_twice_fails_the_run(part):
    first = part(broken=1)
    assert look_again(*first) == first[1]
    assert first[1].code == 1


def test_many_failures_are_not_looked_at_again(part, tmp_path):
    first = part(broken=5)
    (tmp_path / "seen").unlink()
    assert look_again(*first) == first[1]
    assert not (tmp_path / "seen").exists()


def test_run_that_did_not_come_to_its_end_has_failed(part):
    finished, result = part(broken=0)
    (finished.cache / "v/cache/lastfailed").unlink()
    assert look_again(finished, result) == result


def test_suite_notes_what_failed_so_that_it_can_be_run_again():
    again = [*pytest_part("sqlite").command, "--lf", "--co", "-q", __file__]
    assert subprocess.run(again, cwd=ROOT, check=False).returncode == 0
