"""What stands between a flow and a model: limits, retries, breakers, health, figures."""
