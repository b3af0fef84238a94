"""The doors of allauth that are open here.

There is no sign-up, and no mail is sent: a forgotten password is replaced by whoever
runs the installation.
"""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import TemplateView

from orchestrator_site.accounts.views import entrance

urlpatterns = [
    path("login/", entrance.LoginView.as_view(), name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path(
        "reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"
    ),
    path(
        "password/change/",
        entrance.PasswordChangeView.as_view(),
        name="account_change_password",
    ),
    path(
        "password/reset/",
        TemplateView.as_view(template_name="account/password_reset.html"),
        name="account_reset_password",
    ),
]
