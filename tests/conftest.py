"""Fixtures of the whole suite."""

pytest_plugins = ["tests.fixtures.tables", "tests.fixtures.stack"]
