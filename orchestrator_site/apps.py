"""The site as an app, so that its commands are found."""

from django.apps import AppConfig

from orchestrator_site.celery import app

__all__ = ["SiteConfig", "app"]


class SiteConfig(AppConfig):
    """Holds commands only; it has no models.

    Importing `app` makes it Celery's current app in every process, so that a bell rung
    by name goes to our broker.
    """

    name = "orchestrator_site"
    label = "site"
