from django.apps import AppConfig


class ShellConfig(AppConfig):
    """What every page stands in: navigation, icons, modules, times."""

    name = "orchestrator_site.shell"
    label = "shell"
