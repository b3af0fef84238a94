"""`manage.py evaluate_support`."""

from typing import Any

from django.core.management.base import BaseCommand

from model_registry.builtin.support.measure import measure


class Command(BaseCommand):
    """Measure the support models on messages that were not used to build them."""

    help = "Measures the support models on the held-out messages."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - Django's
        """Print the figures."""
        self.stdout.write(measure().render())
