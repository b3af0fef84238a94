from typing import Any

from allauth.account import views
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse

from orchestrator_site.accounts.models import User


class LoginView(views.LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add `first_time`: nobody has logged in on this installation so far."""
        someone = User.objects.filter(last_login__isnull=False)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "first_time": not someone.exists()}


class PasswordChangeView(views.PasswordChangeView):  # type: ignore[misc]
    def form_valid(self, form: Form) -> HttpResponse:
        """Store the password and its ledger event together."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
        return response
