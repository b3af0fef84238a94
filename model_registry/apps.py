"""Registration of the app with Django."""

from django.apps import AppConfig


class ModelRegistryConfig(AppConfig):
    """Models, their versions and aliases."""

    name = "model_registry"
    default_auto_field = "django.db.models.BigAutoField"
