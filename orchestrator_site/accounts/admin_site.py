"""The admin's own doors for passwords, led through allauth's.

allauth limits how often one may try; Django's admin login does not.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def lead_logins_through_allauth(site: AdminSite) -> None:
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]
    site.password_change = _change_password  # type: ignore[assignment, method-assign]


def _change_password(
    request: HttpRequest, extra_context: dict[str, object] | None = None
) -> HttpResponse:
    return redirect("account_change_password")
