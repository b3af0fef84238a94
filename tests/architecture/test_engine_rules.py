"""docs/engine-rules.md names tests that exist, for every rule."""

import re

from orchestrator_site.supervisor.options import ROOT

ROW = re.compile(r"^\| (\d+) \| .+? \| (.+) \|$", re.MULTILINE)
RULES = 52


def rows() -> dict[int, list[str]]:
    text = (ROOT / "docs/engine-rules.md").read_text()
    found = ROW.findall(text)
    return {int(number): re.findall(r"`(.+?)`", tests) for number, tests in found}


def test_every_rule_is_listed_once():
    assert list(rows()) == list(range(1, RULES + 1))


def test_every_rule_but_that_of_the_sealer_has_tests():
    assert [number for number, tests in rows().items() if not tests] == [43]


def test_every_named_test_exists_and_bears_the_number():
    for number, tests in rows().items():
        for test in tests:
            path, _, name = test.partition("::")
            assert f"def {name}(" in (ROOT / path).read_text(), test
            assert name.startswith(f"test_rule_{number}_")
