"""Flows: drawn by people, executed durably."""
