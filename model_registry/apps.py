"""Registration of the app with Django."""

from django.apps import AppConfig

from orchestrator_site.live.api import register_topic


class ModelRegistryConfig(AppConfig):
    """Models, their versions and aliases."""

    name = "model_registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let pages watch a model."""
        register_topic("model", "model_registry.live.current_model")
