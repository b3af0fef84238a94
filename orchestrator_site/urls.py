"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView

from orchestrator_site.health import healthz

handler400 = "flows.api.fallbacks.bad_request"
handler500 = "flows.api.fallbacks.server_error"

urlpatterns = [
    path("", login_required(RedirectView.as_view(pattern_name="api:docs"))),
    path("", include("flows.urls")),
    path("accounts/", include("orchestrator_site.accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
