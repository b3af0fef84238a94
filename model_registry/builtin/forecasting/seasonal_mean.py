"""forecast-seasonal-mean: the mean of the same day in the last four weeks."""

import numpy as np

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.forecasting.answer import Numbers, read_question, shaped

SEASONS = 4


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return forecast


def forecast(payload: Payload) -> Payload:
    """Map `{values, horizon, season}` to forecast, lower and upper."""
    asked = read_question(payload)
    means = mean_season(asked.values, asked.season)
    errors = [
        asked.values[end] - mean_season(asked.values[:end], asked.season)[0]
        for end in range(asked.season, len(asked.values))
    ]
    spread = float(np.sqrt(np.mean(np.square(errors)))) if errors else 0.0
    ahead = np.arange(asked.horizon)
    return shaped(means[ahead % asked.season], np.full(asked.horizon, spread))


def mean_season(values: Numbers, season: int) -> Numbers:
    """Return the mean of the last whole seasons, four at most, phase by phase."""
    whole = min(SEASONS, len(values) // season)
    means: Numbers = values[-whole * season :].reshape(whole, season).mean(axis=0)
    return means
