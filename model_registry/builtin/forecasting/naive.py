"""forecast-naive: the same day last week. Whatever costs more has to be better."""

import numpy as np

from model_registry.builtin.contract import Model, Payload, Settings
from model_registry.builtin.forecasting.answer import read_question, shaped


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return forecast


def forecast(payload: Payload) -> Payload:
    """Map `{values, horizon, season}` to forecast, lower and upper."""
    asked = read_question(payload)
    ahead = np.arange(asked.horizon)
    repeated = asked.values[-asked.season :][ahead % asked.season]
    errors = asked.values[asked.season :] - asked.values[: -asked.season]
    spread = np.sqrt((errors**2).mean()) if len(errors) else 0.0
    return shaped(repeated, spread * np.sqrt(1 + ahead // asked.season))
