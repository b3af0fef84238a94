import pytest
from django.core.management import CommandError, call_command

from flows.models import Flow, Inbox, Run
from orchestrator_site.accounts.api import Membership, User, Workspace
from orchestrator_site.seed import MESSAGES, PEOPLE, seed

pytestmark = pytest.mark.django_db


def test_demo_has_people_without_passwords_and_runs_that_wait_for_a_worker():
    seed(demo=True)
    users = User.objects.filter(email__in=[person.email for person in PEOPLE])
    roles = Membership.objects.filter(user__in=users).values_list("role", flat=True)
    assert sorted(roles) == ["auditor", "builder", "reviewer"]
    assert not any(user.has_usable_password() for user in users)
    assert Run.objects.filter(status="queued").count() == len(MESSAGES)


def test_without_demo_there_is_nothing_but_the_owner():
    seed(demo=False)
    assert User.objects.count() == Membership.objects.count() == 1
    assert not Flow.objects.exists()


def test_reset_fills_a_new_workspace_and_closes_the_old_one(capsys):
    login = seed(demo=True)
    old = Workspace.objects.get()
    call_command("reset_demo", yes=True)
    call_command("reset_demo", yes=True)
    new = Workspace.objects.get(closed_at=None)
    assert new.slug == "demo-3"
    assert "records are kept" in capsys.readouterr().out
    assert not Membership.objects.filter(workspace=old, is_active=True).exists()
    owner = User.objects.get(email=login.email)
    assert owner.memberships.get(is_active=True).workspace == new
    assert Membership.objects.filter(workspace=new).count() == len(PEOPLE) + 1
    assert Run.objects.filter(workspace=new).count() == len(MESSAGES)
    assert Inbox.objects.filter(run__workspace=old).count() == len(MESSAGES)


def test_reset_asks_for_a_yes_and_for_a_demo():
    seed(demo=False)
    with pytest.raises(CommandError, match="Add --yes"):
        call_command("reset_demo")
    with pytest.raises(CommandError, match="has no demo"):
        call_command("reset_demo", yes=True)
    assert Workspace.objects.get().closed_at is None
