"""Pages of services outside."""

from django.urls import path

from orchestrator_site.egress import views

app_name = "egress"
urlpatterns = [
    path("", views.services, name="services"),
    path("allow/", views.allow, name="allow"),
    path("<uuid:origin_id>/withdraw/", views.withdraw, name="withdraw"),
]
