"""The site as an app, so that its commands are found."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Holds commands only; it has no models."""

    name = "orchestrator_site"
    label = "site"
