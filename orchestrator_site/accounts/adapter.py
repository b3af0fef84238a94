from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with sign-up closed, in our words."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "That e-mail and password do not match. "
            "After 5 failed tries there is a 15-minute pause."
        ),
        "too_many_login_attempts": _(
            "Too many failed tries. Wait 15 minutes, then try again."
        ),
        "enter_current_password": _(
            "That is not your present password. Enter the one you signed in with."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
