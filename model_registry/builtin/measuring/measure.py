"""Measure the models that ship: quality on held-out data, cost in CPU time a call."""

import time
from collections.abc import Callable
from importlib import import_module

from model_registry.builtin import ENTRY_POINTS
from model_registry.builtin.contract import Model, Payload
from model_registry.builtin.measuring import numbers, texts
from model_registry.builtin.measuring.figures import Figures, Metric
from model_registry.builtin.shipped import read_shipped

MEASURES: dict[str, Callable[[Model], list[Metric]]] = {
    "classify": texts.measure_classify,
    "detect_anomaly": numbers.measure_detect_anomaly,
    "detect_personal_data": texts.measure_personal_data,
    "extract": texts.measure_extract,
    "forecast": numbers.measure_forecast,
    "identify_language": texts.measure_language,
    "moderate": texts.measure_moderate,
    "retrieve": texts.measure_retrieve,
    "score": numbers.measure_score,
    "summarise": texts.measure_summarise,
}


class Timed:
    """A model that remembers how often it was called and what CPU time that took."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.calls = 0
        self._spent_s = 0.0

    def __call__(self, payload: Payload) -> Payload:
        """Answer as the model does."""
        began = time.process_time()
        answer = self._model(payload)
        self._spent_s += time.process_time() - began
        self.calls += 1
        return answer

    @property
    def ms_per_call(self) -> float:
        """Return the mean CPU time of a call in milliseconds."""
        return 1000 * self._spent_s / max(1, self.calls)


def measured_names() -> list[str]:
    """List the models that can be measured by themselves, in order."""
    shipped = read_shipped()
    return [
        name for name, document in shipped.items() if _capability(document) in MEASURES
    ]


def measure(name: str) -> Figures:
    """Load a model that ships and measure it.

    Raises:
        KeyError: no model of that name can be measured.
    """
    document = read_shipped()[name]
    run = MEASURES[_capability(document)]
    timed = Timed(load_model(document["version"]["settings"]["entry_point"]))
    metrics = run(timed)
    return Figures(
        cases=timed.calls, metrics=tuple(metrics), cpu_ms_per_call=timed.ms_per_call
    )


def load_model(entry_point: str) -> Model:
    """Load a built-in model in this process."""
    module, attribute = ENTRY_POINTS[entry_point].split(":")
    model: Model = getattr(import_module(module), attribute)({})
    return model


def _capability(document: Payload) -> str:
    return str(document["capability"])
