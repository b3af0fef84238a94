"""Flows and runs over HTTP, under /api/v1/."""
