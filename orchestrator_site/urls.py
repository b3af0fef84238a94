"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from orchestrator_site.health import healthz

handler400 = "flows.api.fallbacks.bad_request"
handler403 = "orchestrator_site.shell.refusals.permission_denied"
handler500 = "flows.api.fallbacks.server_error"

urlpatterns = [
    path("", include("orchestrator_site.home.urls")),
    path("", include("orchestrator_site.accounts.page_urls")),
    path("services/", include("orchestrator_site.egress.urls")),
    path("", include("flows.urls")),
    path("approvals/", include("approvals.urls")),
    path("", include("model_registry.urls")),
    path("", include("model_registry.section_urls")),
    path("accounts/", include("orchestrator_site.accounts.urls")),
    path("shell/", include("orchestrator_site.shell.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz),
]
