"""`manage.py evaluate_models [NAME...]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from model_registry.builtin.measuring.cards import differences, read_figures
from model_registry.builtin.measuring.figures import Figures
from model_registry.builtin.measuring.measure import measure, measured_names


class Command(BaseCommand):
    """Measure the models that ship on held-out data, and compare with their cards."""

    help = "Measures the models that ship, and says where their cards say otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take names; all models by default."""
        parser.add_argument("names", metavar="NAME", nargs="*")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        """Print the figures of one model after the other."""
        known = measured_names()
        names = options["names"] or known
        if unknown := sorted(set(names) - set(known)):
            raise CommandError(
                f"No figures can be measured for {', '.join(unknown)}. "
                f"They can for: {', '.join(known)}."
            )
        written = read_figures()
        differing = [name for name in names if not self._shows(name, written[name])]
        if differing:
            raise CommandError(f"Cards say otherwise: {', '.join(differing)}.")

    def _shows(self, name: str, written: Figures) -> bool:
        """Print what is measured; tell whether the card says the same."""
        found = measure(name)
        self.stdout.write(f"{name}: {found.cases} cases")
        for metric in found.metrics:
            interval = f"{metric.low:.3f} to {metric.high:.3f}"
            self.stdout.write(f"  {metric.name}: {metric.value:.3f} ({interval})")
        self.stdout.write(
            f"  CPU time a call: {found.cpu_ms_per_call:.2g} ms here, "
            f"{written.cpu_ms_per_call:.2g} ms on the card"
        )
        otherwise = differences(found, written)
        for sentence in otherwise:
            self.stdout.write(f"  differs: {sentence}")
        return not otherwise
