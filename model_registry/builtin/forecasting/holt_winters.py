"""forecast-holt-winters: level, damped trend and season, smoothed as fits best.

All combinations of a small grid of smoothing parameters run side by side; the one with
the least error one step ahead makes the forecast.
Source: Hyndman, Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., ch. 8.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.forecasting.answer import Numbers, read_question, shaped

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7)
TRENDS = (0.0, 0.05, 0.2)
SEASONS = (0.0, 0.05, 0.15, 0.3)
DAMPING = 0.95


@dataclass(frozen=True, slots=True)
class Smoothing:
    """One array element a combination of parameters."""

    level: Numbers
    trend: Numbers
    season: Numbers


@dataclass(slots=True)
class State:
    """Level and trend a combination; `seasons` has a row a phase of the season."""

    level: Numbers
    trend: Numbers
    seasons: Numbers

    def update(self, place: int, value: float, by: Smoothing) -> Numbers:
        """Take in one value; return what it differed from the expected by."""
        phase = place % len(self.seasons)
        expected = self.level + DAMPING * self.trend
        error: Numbers = value - expected - self.seasons[phase]
        self.level = expected + by.level * error
        self.trend = DAMPING * self.trend + by.level * by.trend * error
        self.seasons[phase] += by.season * error
        return error


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return forecast


def forecast(payload: Payload) -> Payload:
    """Map `{values, horizon, season}` to forecast, lower and upper."""
    asked = read_question(payload)
    values, season = asked.values, asked.season
    grid = np.array(list(product(LEVELS, TRENDS, SEASONS if season > 1 else (0.0,))))
    by = Smoothing(*grid.T)
    state = _start(values, season, len(grid))
    errors = np.array(
        [state.update(place, value, by) for place, value in enumerate(values)]
    )
    kept = errors[min(season, len(errors) - 1) :]
    best = int((kept**2).mean(axis=0).argmin())
    ahead = np.arange(1, asked.horizon + 1)
    damped: Numbers = DAMPING * (1 - np.power(DAMPING, ahead)) / (1 - DAMPING)
    phases = state.seasons[(len(values) + ahead - 1) % season, best]
    predicted = state.level[best] + damped * state.trend[best] + phases
    spread = float(np.sqrt((kept[:, best] ** 2).mean()))
    return shaped(predicted, spread * _growth(damped, season, grid[best]))


def _start(values: Numbers, season: int, combinations: int) -> State:
    whole = values[: len(values) // season * season].reshape(-1, season)[:4]
    level = float(whole.mean())
    phases = whole.mean(axis=0) - level if season > 1 else np.zeros(1)
    return State(
        level=np.full(combinations, level),
        trend=np.zeros(combinations),
        seasons=np.repeat(phases[:, None], combinations, axis=1),
    )


def _growth(damped: Numbers, season: int, best: Numbers) -> Numbers:
    """Return by how much the deviation grows with the distance, 1 at first."""
    level, trend, seasonal = best
    ends_season = np.arange(1, len(damped) + 1) % season == 0
    weights = level * (1 + trend * damped) + seasonal * ends_season
    earlier = np.concatenate([[0.0], weights[:-1] ** 2])
    growth: Numbers = np.sqrt(1 + np.cumsum(earlier))
    return growth
