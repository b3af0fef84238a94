"""A model that returns its input: for benches, tests and first steps."""

from model_registry.builtin.contract import Model, Payload, Settings


def load(settings: Settings) -> Model:
    """Return the model; it has no settings."""
    del settings
    return _echo


def _echo(payload: Payload) -> Payload:
    return payload
