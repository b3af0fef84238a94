from dataclasses import fields

import pytest
from django.utils import timezone

from flows.conductor.rows import RunCommit
from orchestrator_site.accounts.api import new_id

COMMON = {"by_step", "events"}
LISTS = {field.name for field in fields(RunCommit) if field.default_factory is list}


@pytest.mark.parametrize("name", sorted(LISTS - COMMON))
def test_whatever_few_commits_have_makes_them_rare(name):
    commit = RunCommit(new_id(), 1, 1, 2, b"", timezone.now())
    assert not commit.has_rare
    getattr(commit, name).append(object())
    assert commit.has_rare
