from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from orchestrator_site.accounts.errors import EmailInvalid, EmailTaken
from orchestrator_site.accounts.models import User, Workspace
from orchestrator_site.accounts.passwords import new_password
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.members import add_member, record_for_member


@transaction.atomic
def create_user(
    *,
    workspace: Workspace,
    role: Role,
    email: str,
    name: str = "",
    password: str | None = None,
    actor: str,
) -> User:
    """Add a person together with the first membership.

    Without a password the person cannot log in until `reset_password` gives one.
    Raises: EmailInvalid, EmailTaken.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise EmailInvalid(email) from error
    if User.objects.filter(email=email).exists():
        raise EmailTaken(email)
    user = User.objects.create_user(email, password, name=name)
    add_member(workspace=workspace, user=user, role=role, actor=actor)
    return user


@transaction.atomic
def create_first_owner(*, workspace: Workspace, email: str, actor: str) -> str:
    """Add the person who runs this installation; returns the password, once.

    The person may open the admin pages. The password counts as initial until its
    owner changes it.
    """
    password = new_password()
    user = create_user(
        workspace=workspace,
        role=Role.OWNER,
        email=email,
        password=password,
        actor=actor,
    )
    user.is_staff = user.is_superuser = user.password_is_initial = True
    user.save(update_fields=["is_staff", "is_superuser", "password_is_initial"])
    return password


@transaction.atomic
def reset_password(*, user: User, actor: str) -> str:
    """Give the person a new random password and return it, once.

    Ends the person's sessions. An initial password stays initial: whoever reads this
    one off the screen need not be its owner.
    """
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    _record_for_user(user, "password.reset", actor)
    return password


@transaction.atomic
def note_password_changed(*, user: User) -> None:
    """Keep that a person has chosen a password; the password itself is stored."""
    user.password_is_initial = False
    user.save(update_fields=["password_is_initial"])
    _record_for_user(user, "password.changed", f"user:{user.id}")


@transaction.atomic
def change_profile(*, user: User, **changes: str | bool) -> None:
    """Store what a person has chosen: `name`, `time_zone`, `theme` and the like.

    The caller has checked the values. The ledger holds the names of what changed.
    """
    changed = sorted(key for key in changes if getattr(user, key) != changes[key])
    if not changed:
        return
    for key in changed:
        setattr(user, key, changes[key])
    user.save(update_fields=changed)
    actor = f"user:{user.id}"
    _record_for_user(user, "profile.changed", actor, {"fields": ", ".join(changed)})


def _record_for_user(
    user: User, kind: str, actor: str, data: Mapping[str, str] | None = None
) -> None:
    """Write into each workspace of the person, so that each can account for it."""
    for membership in user.memberships.filter(is_active=True):
        record_for_member(membership, kind, actor, data)
