"""Measure and write down: `python -m model_registry.builtin.measuring.record [NAME...]`.

For whoever changes a model; `manage.py evaluate_models` only compares.
"""

import sys

from model_registry.builtin.measuring.cards import MEASURED, read_figures, write_figures
from model_registry.builtin.measuring.measure import measure, measured_names


def main(names: list[str]) -> None:
    """Measure the models of these names, all by default, and write the cards."""
    figures = read_figures() if MEASURED.exists() else {}
    for name in names or measured_names():
        figures[name] = measure(name)
        first = figures[name].metrics[0]
        sys.stdout.write(f"{name}: {first.name} {first.value:.3f}\n")
        sys.stdout.flush()
    write_figures(figures)


if __name__ == "__main__":
    main(sys.argv[1:])
