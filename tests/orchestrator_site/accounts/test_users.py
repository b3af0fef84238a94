import pytest
from django.db import IntegrityError

from orchestrator_site.accounts.errors import EmailInvalid, EmailTaken
from orchestrator_site.accounts.models import User
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.users import (
    create_first_owner,
    create_user,
    note_password_changed,
    reset_password,
)
from orchestrator_site.ledger.models import Event
from tests.factories.accounts import make_membership, make_user, make_workspace

pytestmark = pytest.mark.django_db
ACTOR = "system:cli"


def add(email="mara@fernhill.example", **fields):
    return create_user(
        workspace=make_workspace(),
        role=Role.BUILDER,
        email=email,
        actor=ACTOR,
        **fields,
    )


def test_person_without_password_cannot_log_in():
    assert not add().has_usable_password()


def test_new_person_has_the_role_and_no_power_over_the_installation():
    user = add(name="Mara Ibsen")
    assert user.memberships.get().role == Role.BUILDER
    assert not user.is_staff
    assert not user.is_superuser
    assert not user.password_is_initial


def test_address_is_taken_in_any_spelling():
    add("mara@fernhill.example")
    with pytest.raises(EmailTaken):
        add(" Mara@Fernhill.EXAMPLE")
    with pytest.raises(IntegrityError):
        User.objects.create(email="Mara@fernhill.example")


def test_address_must_be_one():
    with pytest.raises(EmailInvalid, match="name@host"):
        add("mara")


def test_ledger_never_holds_the_address():
    user = add()
    event = Event.objects.get()
    assert str(user.id) in str(bytes(event.body))
    assert b"mara" not in bytes(event.body)


def test_first_owner_gets_a_random_password_that_counts_as_initial():
    workspace = make_workspace()
    first = create_first_owner(
        workspace=workspace, email="owner@fernhill.example", actor="system:seed"
    )
    owner = User.objects.get()
    assert owner.check_password(first)
    assert owner.password_is_initial
    assert owner.is_staff
    assert owner.memberships.get().role == Role.OWNER
    assert len(first.replace("-", "")) == 24


def test_reset_replaces_the_password_and_is_recorded_in_each_workspace():
    user = make_user(password="old")
    for _ in range(2):
        make_membership(user=user)
    new = reset_password(user=user, actor=ACTOR)
    user.refresh_from_db()
    assert user.check_password(new)
    events = Event.objects.filter(kind="password.reset")
    assert events.values("workspace_id").distinct().count() == 2


def test_password_stays_initial_until_its_owner_changes_it():
    create_first_owner(
        workspace=make_workspace(), email="owner@fernhill.example", actor="system:seed"
    )
    owner = User.objects.get()
    reset_password(user=owner, actor=ACTOR)
    owner.refresh_from_db()
    assert owner.password_is_initial
    note_password_changed(user=owner)
    owner.refresh_from_db()
    assert not owner.password_is_initial
