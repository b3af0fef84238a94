"""The figures that were measured last, as data and in the models' cards."""

import json
from dataclasses import asdict
from pathlib import Path

from model_registry.builtin.measuring.figures import Figures, Metric
from model_registry.builtin.shipped import card_path

MEASURED = Path(__file__).parent.parent / "data" / "measured.json"
HEADING = "## Measured"
# Vectors differ in the last digits between processors, and a few answers with them: so
# much of an interval's width is no difference.
TOLERATED = 0.25


def read_figures() -> dict[str, Figures]:
    """Map the names of models to what was measured last."""
    stored = json.loads(MEASURED.read_text(encoding="utf-8"))
    return {
        name: Figures(
            cases=row["cases"],
            metrics=tuple(Metric(**metric) for metric in row["metrics"]),
            cpu_ms_per_call=row["cpu_ms_per_call"],
        )
        for name, row in stored.items()
    }


def write_figures(figures: dict[str, Figures]) -> None:
    """Write the figures down, and into the last section of each card."""
    stored = {name: asdict(found) for name, found in sorted(figures.items())}
    MEASURED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    for name, found in figures.items():
        path = card_path(name)
        text, _, _ = path.read_text(encoding="utf-8").partition(HEADING)
        path.write_text(f"{text}{render(found)}", encoding="utf-8")


def render(figures: Figures) -> str:
    """Return the section of a card that holds the figures."""
    rows = "\n".join(
        f"| {metric.name} | {metric.value:.3f} | {metric.low:.3f} to {metric.high:.3f} |"
        for metric in figures.metrics
    )
    return (
        f"{HEADING}\n\n"
        f"On {figures.cases:,} held-out cases, by `manage.py evaluate_models`:\n\n"
        "| Figure | Value | 95 % interval |\n|---|---|---|\n"
        f"{rows}\n\n"
        f"CPU time: {figures.cpu_ms_per_call:.2g} ms a call, the first one included, on"
        " one core of a shared machine.\n"
    )


def differences(measured: Figures, written: Figures) -> list[str]:
    """List, in sentences, where quality is not what is written down."""
    found = {metric.name: metric for metric in measured.metrics}
    said = {metric.name: metric for metric in written.metrics}
    sentences = [
        f"{name} is {found[name].value:.3f}, the card says {said[name].value:.3f}"
        for name in sorted(found.keys() & said.keys())
        if abs(found[name].value - said[name].value) > _tolerated(said[name])
    ]
    sentences += [
        f"{name} is only on one of both" for name in sorted(found.keys() ^ said.keys())
    ]
    if measured.cases != written.cases:
        sentences.append(f"{measured.cases} cases, the card says {written.cases}")
    return sentences


def _tolerated(metric: Metric) -> float:
    return TOLERATED * (metric.high - metric.low)
