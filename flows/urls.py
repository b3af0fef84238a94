"""Addresses of flows."""

from django.urls import include, path, re_path

from flows.api.fallbacks import nothing_here

urlpatterns = [
    path("api/v1/", include("flows.api.urls")),
    re_path("^api/", nothing_here),
]
