from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver
from django.http import HttpRequest

from orchestrator_site.accounts.models import User
from orchestrator_site.accounts.services.users import note_password_changed


@receiver([password_changed, password_reset, password_set])
def keep_that_the_password_was_chosen(
    request: HttpRequest, user: User, **_: object
) -> None:
    note_password_changed(user=user)
