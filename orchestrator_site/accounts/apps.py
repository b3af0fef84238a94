from importlib import import_module

from django.apps import AppConfig

REGISTERED_BY_IMPORT = ("receivers", "openapi")


class AccountsConfig(AppConfig):
    name = "orchestrator_site.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        for module in REGISTERED_BY_IMPORT:
            import_module(f"{self.name}.{module}")
