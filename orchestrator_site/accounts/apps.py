from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "orchestrator_site.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        import_module("orchestrator_site.accounts.receivers")
