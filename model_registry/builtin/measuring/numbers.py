"""Measure models that read numbers, on what simulators make from seeds kept for it."""

from collections.abc import Callable
from functools import cache

import numpy as np

from model_registry.builtin.contract import Payload
from model_registry.builtin.forecasting.simulator import (
    FUTURE_DAYS,
    WEEK,
    Series,
    heldout_series,
)
from model_registry.builtin.fraud.simulator import Case, heldout_cases
from model_registry.builtin.measuring.figures import (
    Metric,
    average_precision,
    bootstrapped,
    roc_auc,
    share,
)
from model_registry.builtin.sensors.simulator import Window, heldout_windows

Ask = Callable[[Payload], Payload]


@cache
def _payments() -> list[Case]:
    return heldout_cases()


@cache
def _windows() -> list[Window]:
    return heldout_windows()


@cache
def _series() -> list[Series]:
    return heldout_series()


def measure_score(ask: Ask) -> list[Metric]:
    """Ask for the risk of the payments of customers that no model has seen."""
    answers = [ask(case.payload) for case in _payments()]
    fraud = np.array([bool(case.fraud) for case in _payments()])
    risks = np.array([answer["risk"] for answer in answers])
    flagged = np.array([answer["flagged"] for answer in answers])
    return [
        bootstrapped(
            "average precision",
            lambda places: average_precision(fraud[places], risks[places]),
            len(fraud),
        ),
        share("fraud flagged", list(flagged[fraud])),
        share("flags that are fraud", list(fraud[flagged])),
    ]


def measure_detect_anomaly(ask: Ask) -> list[Metric]:
    """Ask about the last reading of days of a pump."""
    answers = [ask({"readings": window.readings}) for window in _windows()]
    faulty = np.array([bool(window.fault) for window in _windows()])
    scores = np.array([answer["score"] for answer in answers])
    alarms = np.array([answer["anomaly"] for answer in answers])
    return [
        bootstrapped(
            "ROC AUC",
            lambda places: roc_auc(faulty[places], scores[places]),
            len(faulty),
        ),
        share("faults found", list(alarms[faulty])),
        share("false alarms", list(alarms[~faulty])),
    ]


def measure_forecast(ask: Ask) -> list[Metric]:
    """Ask for two weeks of daily series; errors are scaled by those of last week's."""
    errors, covered = [], []
    for series in _series():
        answer = ask({"values": series.past, "horizon": FUTURE_DAYS, "season": WEEK})
        past, future = np.array(series.past), np.array(series.future)
        scale = np.abs(past[WEEK:] - past[:-WEEK]).mean()
        errors.append(np.abs(np.array(answer["forecast"]) - future).mean() / scale)
        within = (future >= answer["lower"]) & (future <= answer["upper"])
        covered.append(within.mean())
    scaled, coverage = np.array(errors), np.array(covered)
    return [
        bootstrapped(
            "mean absolute scaled error (lower is better)",
            lambda places: float(scaled[places].mean()),
            len(scaled),
        ),
        bootstrapped(
            "values within the bounds meant for 80 %",
            lambda places: float(coverage[places].mean()),
            len(coverage),
        ),
    ]
